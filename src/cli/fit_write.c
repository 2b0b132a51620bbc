/* fit_write.c - options, design and document for the models of `verkan fit`. */
#include "cli/fit.h"

#include "base/str.h"
#include "num/mat.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

vrk_status vrk_fit_usage(vrk_ctx *ctx, vrk_fit_job *job, const char *fmt, ...)
{
    char why[900];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why, sizeof(why), vrk_said(ctx, fmt), ap);
    va_end(ap);
    job->usage = true;
    return vrk_fail(ctx, VRK_EINPUT, "%s", why);
}

vrk_status vrk_fit_choice(vrk_ctx *ctx, vrk_fit_job *job, const char *option,
                          const char *const *words, int otherwise, int *out)
{
    const char *given = vrk_arg(job->args, option, NULL);
    char list[300] = "";
    *out = otherwise;
    if (!given)
        return VRK_OK;
    for (int i = 0; words[i]; i++) {
        if (!strcmp(words[i], given)) {
            *out = i;
            return VRK_OK;
        }
        snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "", words[i]);
    }
    return vrk_fit_usage(ctx, job, "option %s: '%s' is not known; there are %s", option, given,
                         list);
}

vrk_status vrk_fit_numbers(vrk_ctx *ctx, vrk_fit_job *job, const char *option, double **out,
                           int64_t *n)
{
    vrk_status st = VRK_OK;
    const char *text = vrk_arg(job->args, option, NULL);
    *n = 0;
    *out = NULL;
    if (!text)
        goto done;
    *out = VRK_NEW(&ctx->scratch, (int64_t)strlen(text) + 1, double);
    if (!*out)
        FAIL(VRK_EMEMORY, "out of memory");
    for (const char *p = text;; p++) {
        char *end;
        double x = strtod(p, &end);
        if (end == p || (*end && *end != ',') || !isfinite(x) || (*n && x <= (*out)[*n - 1]))
            return vrk_fit_usage(ctx, job, "option %s: '%s' is no list of rising numbers: 10,20,30",
                                 option, text);
        (*out)[(*n)++] = x;
        p = end;
        if (!*p)
            break;
    }
done:
    return st;
}

vrk_status vrk_fit_design(vrk_ctx *ctx, vrk_fit_job *job, const vrk_design_opt *opt)
{
    vrk_status st = vrk_design_make(ctx, &job->rows, &job->formula, opt, &job->design);
    if (st == VRK_OK)
        vrk_fit_put(job, job->out, "rows",
                    json_pack("{s:I,s:I,s:I}", "read", (json_int_t)job->design.read, "missing",
                              (json_int_t)job->design.missing, "used", (json_int_t)job->design.n));
    return st;
}

vrk_status vrk_fit_within(vrk_ctx *ctx, const vrk_fit_job *job, const vrk_variable *v, double least,
                          double most)
{
    vrk_rows used = job->rows;
    char place[300];
    used.row = job->design.row;
    for (int64_t i = 0; v->number && i < job->design.n; i++) {
        double x = v->number[i];
        if (x >= least && x <= most)
            continue;
        vrk_rows_place(&used, i, place, sizeof(place));
        return vrk_fail(ctx, VRK_EINPUT, "%s: %s is %g; it cannot be %s %g", place, v->name, x,
                        x < least ? vrk_said(ctx, VRK_N("below")) : vrk_said(ctx, VRK_N("above")),
                        x < least ? least : most);
    }
    return VRK_OK;
}

vrk_status vrk_fit_full_rank(vrk_ctx *ctx, const vrk_design *d, bool skip_intercept,
                             vrk_fit_full *out)
{
    vrk_status st = VRK_OK;
    int64_t n = d->n, p = d->x.p, first = skip_intercept && d->intercept;
    double *gram = VRK_NEW(&ctx->scratch, p * p, double), *one = VRK_NEW(&ctx->scratch, n, double);
    double *work = VRK_NEW(&ctx->scratch, VRK_MAT_BLOCK * p, double);
    double *x = VRK_NEW(&ctx->scratch, n * p, double);
    out->dropped = VRK_NEW(&ctx->scratch, p, bool);
    if (ctx->scratch.failed)
        FAIL(VRK_EMEMORY, "out of memory for %lld columns", (long long)p);
    for (int64_t i = 0; i < n; i++)
        one[i] = 1;
    vrk_mat_gram(d->x.x, n, p, one, work, gram);
    vrk_chol(gram, p, 1e-12, out->dropped); /* 1e-6 of the column's length is left: R takes 1e-7 */
    out->dropped += first;
    out->p = p - first;
    out->rank = 0;
    for (int64_t j = 0; j < out->p; j++) {
        if (!out->dropped[j])
            memcpy(x + n * out->rank++, d->x.x + n * (j + first), (size_t)n * sizeof(*x));
    }
    out->x = x;
done:
    return st;
}

void vrk_fit_put(vrk_fit_job *job, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value)) {
        json_decref(job->out);
        job->out = NULL;
    }
}

void vrk_fit_push(vrk_fit_job *job, json_t *list, json_t *value)
{
    if (json_array_append_new(list, value)) {
        json_decref(job->out);
        job->out = NULL;
    }
}

json_t *vrk_fit_real(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

json_t *vrk_fit_coefficient(const char *name, double estimate, double se, bool dropped)
{
    double z = se > 0 ? estimate / se : nan("");
    if (dropped)
        estimate = se = z = nan("");
    return json_pack("{s:s,s:o,s:o,s:o,s:o}", "name", name, "estimate", vrk_fit_real(estimate),
                     "se", vrk_fit_real(se), "z", vrk_fit_real(z), "p",
                     vrk_fit_real(erfc(fabs(z) / sqrt(2.0))));
}

void vrk_fit_put_coefficients(vrk_fit_job *job, const char *const *name, const vrk_fit_full *full,
                              const double *estimate, const double *se)
{
    json_t *list = json_array();
    for (int64_t j = 0, k = 0; j < full->p; j++) {
        bool dropped = full->dropped[j];
        vrk_fit_push(
            job, list,
            vrk_fit_coefficient(name[j], dropped ? 0 : estimate[k], dropped ? 0 : se[k], dropped));
        k += !dropped;
    }
    vrk_fit_put(job, job->out, "coefficients", list);
}

void vrk_fit_put_report(vrk_fit_job *job, int iterations, vrk_stop stop, double gradient)
{
    static const char *const why[] = {
        [0] = "none",
        [VRK_STOP_GRAD] = "converged",
        [VRK_STOP_BOUNDARY] = "boundary",
        [VRK_STOP_STEP] = "no step improves",
        [VRK_STOP_ITER] = "out of iterations",
    };
    vrk_fit_put(job, job->out, "fit",
                json_pack("{s:i,s:s,s:o}", "iterations", iterations, "stop", why[stop], "gradient",
                          vrk_fit_real(gradient)));
}
