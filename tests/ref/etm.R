# Writes the inputs of T10 and T11, and of patients on and off a ventilator, from Debian's r-cran-etm: Rscript etm.R FOLDER
folder <- commandArgs(TRUE)[1]
if (!requireNamespace("etm", quietly = TRUE)) quit(status = 77)
data(abortion, los.data, sir.cont, package = "etm")
write.csv(abortion, file.path(folder, "abortion.csv"), row.names = FALSE)
write.csv(los.data, file.path(folder, "los.csv"), row.names = FALSE)
write.csv(sir.cont, file.path(folder, "sir.csv"), row.names = FALSE)
