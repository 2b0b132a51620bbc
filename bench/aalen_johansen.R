# The other half of bench/aalen_johansen.c: survfit on the same deals, then both side by side.
# Rscript aalen_johansen.R FOLDER DEALS seconds: curve alone, curve with errors, curves by seller
library(survival)
a <- commandArgs(TRUE)
n <- as.integer(a[2]); ours <- as.numeric(a[3:5])
f <- file(file.path(a[1], "deals.bin"), "rb")
week <- readBin(f, "integer", n); seller <- readBin(f, "integer", n); end <- readBin(f, "integer", n, 1)
close(f)
y <- Surv(week, factor(end, c(-1, 1, 2), c("open", "won", "lost"))) # made before the clock starts
seconds <- function(call) sum(system.time(call)[c("user.self", "sys.self")]) # CPU
bare <- seconds(survfit(y ~ 1, se.fit = FALSE))
all <- seconds(fit <- survfit(y ~ 1))
by_seller <- seconds(each <- survfit(y ~ seller))
got <- read.csv(file.path(a[1], "verkan.csv"))
last <- max(which(diff(got$g) < 0)) # sellers 0 ..., then all deals as stratum 0
difference <- function(f, g, ours) {
  at <- match(paste(ours$g, ours$time), paste(g, f$time))
  stopifnot(!anyNA(at), all(rowSums(f$n.event[, -1, drop = FALSE])[-at] == 0))
  c(max(abs(f$pstate[at, ] - as.matrix(ours[, 3:5]))), max(abs(f$std.err[at, ] - as.matrix(ours[, 6:8]))))
}
seller_of <- rep(seq_along(each$strata) - 1, each$strata)
d <- rbind(c(NA, NA), difference(fit, rep(0, length(fit$time)), got[(last + 1):nrow(got), ]),
           difference(each, seller_of, got[1:last, ]))
table <- data.frame(curves = c("one, no errors", "one, with errors", sprintf("%d sellers, with errors", length(each$strata))),
                    survfit_s = c(bare, all, by_seller), verkan_s = ours,
                    ratio = round(c(bare, all, by_seller) / ours), max_diff_p = d[, 1], max_diff_se = d[, 2])
cat(sprintf("%d deals, %d distinct weeks, survival %s on %s, fits alone, one thread, CPU\n", n,
            length(fit$time), packageVersion("survival"), R.version.string))
print(table, row.names = FALSE, digits = 3)
ok <- all(d[-1, ] < 1e-8) && all(table$ratio[2:3] >= 200)
cat(if (ok) "equal to 1e-8 and at least 200 times as fast\n" else "NOT as it must be\n")
quit(status = !ok)
