"use strict";
const sentences = JSON.parse(document.getElementById("combinations").textContent);
const boxes = [...document.querySelectorAll("#levers input")];
const result = document.getElementById("levers-result");
const tell = () => {
  result.textContent = sentences[boxes.reduce((subset, box, i) => subset | (box.checked ? 1 << i : 0), 0)];
};
boxes.forEach((box) => box.addEventListener("change", tell));
