# The other half of bench/aalen_johansen.c: survfit on the same deals, then both side by side.
# Rscript aalen_johansen.R FOLDER DEALS seconds: curve alone, curve with errors, curves by stage
library(survival)
a <- commandArgs(TRUE)
n <- as.integer(a[2]); ours <- as.numeric(a[3:5])
f <- file(file.path(a[1], "deals.bin"), "rb")
day <- readBin(f, "integer", n); stage <- readBin(f, "integer", n); end <- readBin(f, "integer", n, 1)
close(f)
y <- Surv(day, factor(end, c(-1, 1, 2), c("open", "won", "lost"))) # made before the clock starts
seconds <- function(call) system.time(call)[["elapsed"]]
bare <- seconds(survfit(y ~ 1, se.fit = FALSE))
all <- seconds(fit <- survfit(y ~ 1))
by_stage <- seconds(staged <- survfit(y ~ stage))
got <- read.csv(file.path(a[1], "verkan.csv"))
last <- max(which(diff(got$g) < 0)) # stages 0 ... 4, then all deals as stratum 0
difference <- function(f, g, ours) {
  at <- match(paste(ours$g, ours$time), paste(g, f$time))
  stopifnot(!anyNA(at), all(rowSums(f$n.event[, -1, drop = FALSE])[-at] == 0))
  c(max(abs(f$pstate[at, ] - as.matrix(ours[, 3:5]))), max(abs(f$std.err[at, ] - as.matrix(ours[, 6:8]))))
}
stage_of <- rep(seq_along(staged$strata) - 1, staged$strata)
d <- rbind(c(NA, NA), difference(fit, rep(0, length(fit$time)), got[(last + 1):nrow(got), ]),
           difference(staged, stage_of, got[1:last, ]))
table <- data.frame(curves = c("one, no errors", "one, with errors", "five stages, with errors"),
                    survfit_s = c(bare, all, by_stage), verkan_s = ours,
                    ratio = round(c(bare, all, by_stage) / ours), max_diff_p = d[, 1], max_diff_se = d[, 2])
cat(sprintf("%d deals, %d distinct days, survival %s on %s, fits alone, one thread\n", n,
            length(fit$time), packageVersion("survival"), R.version.string))
print(table, row.names = FALSE, digits = 3)
ok <- all(d[-1, ] < 1e-8) && all(table$ratio[2:3] >= 100)
cat(if (ok) "equal to 1e-8 and at least 100 times as fast\n" else "NOT as it must be\n")
quit(status = !ok)
