# Numbers for tests/ref/cox.c: Rscript cox.R DATA > cox_numbers.h, DATA the folder of public sets.
suppressMessages(library(survival))
d <- function(f) read.csv(file.path(commandArgs(TRUE)[1], f), stringsAsFactors = TRUE)
cat(sprintf("/* Written by cox.R: survival %s on %s. */\n", packageVersion("survival"), R.version.string))
put <- function(name, x) cat(sprintf("static const double %s[] = {%s};\n", name,
                                     paste(sprintf("%.13g", x), collapse = ", ")))
near <- coxph.control(eps = 1e-13, iter.max = 50, toler.chol = 1e-14)
all <- function(name, f) {
  put(paste0(name, "_beta"), coef(f))
  put(paste0(name, "_se"), sqrt(diag(if (is.null(f$naive.var)) f$var else f$naive.var)))
  put(paste0(name, "_ll"), c(f$loglik, f$score))
  if (!is.null(f$naive.var)) put(paste0(name, "_robust"), sqrt(diag(f$var)))
}
at <- function(name, f, new, times) {
  s <- summary(survfit(f, newdata = new, censor = FALSE), times = times)
  put(paste0(name, "_curve"), c(s$cumhaz, s$std.err))
}
l <- subset(d("survival-r/lung.csv"), !is.na(ph.ecog))
for (ties in c("efron", "breslow")) {
  f <- coxph(Surv(time, status) ~ age + sex + ph.ecog, l, ties = ties, control = near, x = TRUE)
  all(paste0("lung_", ties), f)
  at(paste0("lung_", ties), f, data.frame(age = 60, sex = 2, ph.ecog = 1), c(100, 365, 800))
  all(paste0("lung_robust_", ties), coxph(Surv(time, status) ~ age + sex + ph.ecog + cluster(inst), l, subset = !is.na(inst), ties = ties, control = near))
}
h <- d("survival-r/heart.csv")
h$event <- as.numeric(as.character(h$event)); h$transplant <- as.numeric(as.character(h$transplant))
for (ties in c("efron", "breslow")) {
  all(paste0("heart_", ties), coxph(Surv(start, stop, event) ~ age + surgery + transplant + cluster(id), h, ties = ties, control = near))
}
at("heart", coxph(Surv(start, stop, event) ~ age + surgery + transplant, h, control = near),
   data.frame(age = 5, surgery = 1, transplant = 0), c(30, 200, 900))
v <- d("survival-r/veteran.csv")
for (ties in c("efron", "breslow")) {
  all(paste0("veteran_", ties), coxph(Surv(time, status) ~ trt + karno + offset(age / 100) + strata(celltype),
      v, weights = 1 + diagtime %% 4, ties = ties, control = near, robust = TRUE))
}
