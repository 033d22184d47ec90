# The chain in R's simmer. Usage: Rscript simmer.R parameters.json seed
# Prints, as JSON, the mean days from arrival to opening and the processor seconds that playing took.
suppressMessages({library(simmer); library(jsonlite)})
words <- commandArgs(trailingOnly = TRUE)
year <- fromJSON(words[1]); set.seed(as.integer(words[2]))
draw <- function(task) function() rlnorm(1, year$work[[task]][1], year$work[[task]][2])
again <- 1 - 1 / year$rounds
path <- trajectory() %>%
  seize("offices") %>% timeout(draw("drafted")) %>% release("offices") %>%
  seize("offices") %>% timeout(draw("negotiated")) %>% release("offices") %>%
  rollback(3, check = function() runif(1) < again) %>%
  timeout(draw("trained")) %>%
  seize("monitors") %>% timeout(draw("open")) %>% release("monitors")
begin <- sum(proc.time()[1:2])
env <- simmer("chain") %>%
  add_resource("offices", year$units$offices) %>% add_resource("monitors", year$units$monitors)
for (k in seq_along(year$per_day)) {
  gap <- local({ rate <- year$per_day[k]; function() rexp(1, rate) })
  env %>% add_generator(paste0("class", k, "_"), path, gap, priority = max(year$priority) - year$priority[k])
}
env %>% run(year$horizon)
trials <- get_mon_arrivals(env)
counted <- trials[trials$finished & trials$start_time >= year$opens & trials$start_time < year$closes, ]
cat(toJSON(list(open = mean(counted$end_time - counted$start_time), seconds = sum(proc.time()[1:2]) - begin),
           auto_unbox = TRUE, digits = NA))
