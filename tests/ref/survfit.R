# Writes spells made here and what R's survfit says of them: Rscript survfit.R FOLDER
# Two states to and fro and an end, late entry, case weights.
folder <- commandArgs(TRUE)[1]
if (!requireNamespace("survival", quietly = TRUE)) quit(status = 77)
library(survival)
set.seed(20261124)
spells <- do.call(rbind, lapply(1:400, function(id) {
  t <- if (id %% 3) 0 else sample(1:15, 1)
  state <- if (id %% 3) 0 else sample(0:1, 1)
  stop <- t + sample(10:90, 1)
  rows <- NULL
  while (state < 2 && t < stop) {
    exit <- t + 1 + floor(rexp(1, 1 / 15))
    to <- sample(setdiff(0:2, state), 1)
    if (exit > stop) { exit <- stop; to <- -1 }
    rows <- rbind(rows, data.frame(id, entry = t, exit, from = state, to))
    if (to < 0) break
    t <- exit; state <- to
  }
  cbind(rows, weight = 1 + id %% 4)
}))
name <- c("a", "b", "end")
event <- factor(spells$to, -1:2, c("censored", name))
state <- factor(name[spells$from + 1], name)
fit <- survfit(Surv(entry, exit, event) ~ 1, spells, id = id, weights = weight, istate = state,
               p0 = c(1, 0, 0))
stopifnot(identical(fit$states, name))
write.csv(spells, file.path(folder, "spells.csv"), row.names = FALSE)
want <- data.frame(time = fit$time, p = fit$pstate, se = fit$std.err)
write.csv(format(want, digits = 16), file.path(folder, "survfit.csv"), row.names = FALSE)
