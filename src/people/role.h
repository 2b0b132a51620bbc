/* people/role.h - what a role asks for: ready roles as starting points (src/people/roles.json),
 * blended with what experts of the organisation say, and how applicants compare with it. A fit is
 * a predicted result with its spread, never a grade. doc/recruit.md. */
#ifndef VRK_PEOPLE_ROLE_H
#define VRK_PEOPLE_ROLE_H

#include "people/ability.h"
#include "people/interview.h"

enum { VRK_ROLE_ASKS = 9, VRK_ROLE_MOST = 24, VRK_RATERS_LEAST = 2, VRK_ROLE_INCUMBENTS = 50 };

/* Whether own deals count in a role's weights. */
typedef enum {
    VRK_DEALS_NONE = 0, /* nothing is diagnosed */
    VRK_DEALS_FEW,      /* fewer than VRK_ROLE_INCUMBENTS sellers with a verdict (R10) */
    VRK_DEALS_NOTHING,  /* no moment surely pays to lift, or none for want of competence */
    VRK_DEALS_USED,
} vrk_deals_state;

typedef struct {
    const char *role; /* id */
    vrk_text name, about;
    int n; /* competences asked for: the nine, then those of own instruments that experts weigh */
    const char *competency[VRK_ROLE_MOST];
    vrk_text own[VRK_ROLE_MOST];  /* an own one's name; NULL of the nine */
    int64_t start[VRK_ROLE_MOST]; /* 1 to 5, the author's; 0 = an own one, which has none */
    int64_t raters;               /* experts who weighed it */
    double said[VRK_ROLE_MOST];   /* their mean, NaN without any; 1 to 5 */
    double apart[VRK_ROLE_MOST];  /* standard deviation between them, NaN under two */
    double complex;               /* share of its deals that are complex; the author's */
    vrk_deals_state deals;
    int64_t incumbents;           /* sellers with a verdict in the newest result */
    double dealt[VRK_ROLE_MOST];  /* 1 to 5 by own deals, NaN where they do not count */
    double deals_count;           /* they count as so many experts */
    double weight[VRK_ROLE_MOST]; /* adds up to 1 */
} vrk_job;

typedef struct {
    int64_t n;
    vrk_job *role; /* [n] as in the file */
    vrk_arena mem;
} vrk_role_list;

/* From the JSON text; VRK_EINPUT names the place. */
VRK_MUST vrk_status vrk_role_list_parse(vrk_ctx *ctx, const char *file, const char *json, size_t n,
                                        vrk_role_list *out);

/* The ready ones with what the experts and own deals say: weight = mean of the start value, which
 * counts as one expert, the experts', and that of own deals, which counts as one at
 * VRK_ROLE_INCUMBENTS sellers, two at twice as many, four at the most. An own competence counts by
 * the experts' alone, as long as its instrument is sent. */
VRK_MUST vrk_status vrk_role_list_read(vrk_ctx *ctx, vrk_records *records, vrk_role_list *out);
/* Fills in what a result document says; not yet in the weights. VRK_EDB: it is none. */
VRK_MUST vrk_status vrk_role_deals(vrk_ctx *ctx, const char *document, vrk_role_list *list);
void vrk_role_list_free(vrk_role_list *r); /* safe on an empty one */

/* Mean of what start value, experts and own deals say of its competence k, 1 to 5. */
double vrk_job_mean(const vrk_job *role, int k);

const vrk_job *vrk_job_find(const vrk_role_list *r, const char *role); /* NULL = there is none */

/* Keeps one expert's weights [n]; VRK_EINPUT: a role, competency or weight that cannot be, more own
 * competences than there is room for. */
VRK_MUST vrk_status vrk_job_weigh(vrk_ctx *ctx, vrk_records *records, const char *role,
                                  const char *rater, const char *const *competency,
                                  const int64_t *weight, int64_t n);

/* The same in the caller's transaction. */
VRK_MUST vrk_status vrk_job_weigh_put(vrk_ctx *ctx, vrk_records *records, const char *role,
                                      const char *rater, const char *const *competency,
                                      const int64_t *weight, int64_t n);

/* The trait that a role asks for: weighted mean of what is measured, in standard deviations of all
 * who apply; competences correlate by .5. */
typedef struct {
    int64_t measured; /* competences with answers enough */
    double covered;   /* share of the role's weight that they have */
    double at, se;    /* NaN where covered is under half */
    bool heard;       /* interviews were about half of the role's weight or more, and can be told */
    double heard_covered; /* share of the weight that they were about */
    double seen, seen_se; /* what they say, in standard deviations of those interviewed */
    double alike;         /* how the test and they correlate */
} vrk_fit;
void vrk_job_fit(const vrk_job *role, const vrk_ability *a, vrk_fit *out);
/* Adds what interviews say; `one` may be NULL. */
void vrk_job_hear(const vrk_job *role, const vrk_interviews *all, const vrk_interviewed *one,
                  vrk_fit *out);
bool vrk_fit_told(const vrk_fit *fit);      /* a test or interviews carry a prediction */
double vrk_fit_covered(const vrk_fit *fit); /* share of the role's weight: the larger of the two */

/* How well such a test predicts results of work, from the literature: r ~ N(mean, sd) cut to
 * [0, .9]. Used until the organisation has validated it on at least 50 of its own (R10). */
typedef struct {
    double mean, sd;
} vrk_validity;
extern const vrk_validity vrk_validity_sjt; /* .26, .12: Sackett, Zhang, Berry & Lievens 2022 */
extern const vrk_validity vrk_validity_interview; /* .42, .19: the same, structured interviews */

/* How a test and interviews correlate where own data do not tell: assumed (doc/recruit.md). */
#define VRK_VIEWS_ALIKE 0.3

/* `v`: the test's. Where there are interviews too, both count by their validities and as two views
 * that correlate by `alike` of the fit. */

/* The result in standard deviations of those who do the work: mean, 90 % interval, and the chance
 * of being in the upper half. */
typedef struct {
    double mean, lo, hi, upper_half;
} vrk_prediction;
vrk_prediction vrk_predict(const vrk_fit *fit, const vrk_validity *v);

/* P(a does better than b). */
double vrk_better(const vrk_fit *a, const vrk_fit *b, const vrk_validity *v);

#endif
