/* diag/open_parts.h - what open_deals.c stands on: how long deals live (open_life.c) and where they
 * go (open_rates.c). doc/open_deals.md. */
#ifndef VRK_DIAG_OPEN_PARTS_H
#define VRK_DIAG_OPEN_PARTS_H

#include "stat/alive.h"
#include "store/facts.h"

enum { VRK_OPEN_BANDS = 8 };
extern const double vrk_open_band_from[VRK_OPEN_BANDS + 1]; /* [day] of the time in the stage */
int vrk_open_band(double age);                              /* its number, 0 ... */

/* How a silence ended. */
enum { VRK_SILENCE_SIGN, VRK_SILENCE_MOVE, VRK_SILENCE_LOST, VRK_SILENCE_OPEN, VRK_SILENCE_ENDS };

/* n silences that are alike; sql/query/open_silences.sql. */
typedef struct {
    int64_t stage, level; /* of complexity */
    double age, days;     /* when it began, and how long [day] */
    int64_t ended;
    double n, total; /* total [day] */
} vrk_silence;

/* Rates of one kind of deal while it lives [1/day], and what of time at risk was spent alive. */
typedef struct {
    vrk_life life;                /* exit = move + lost */
    double move, lost;            /* of moving or being won; of being lost while alive */
    double alive[VRK_OPEN_BANDS]; /* share of the time at risk in that band */
    double silences;              /* that the rates were learnt from */
} vrk_open_life;

/* Largest posterior of the five rates, one kind (stage and level) after the other, each drawn to
 * the rates of all kinds together (log-normal, SD 0.7). row [n]; out [stages x levels]. O(rows
 * days + iterations rows). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_open_life_fit(vrk_ctx *ctx, int64_t n, const vrk_silence *row,
                                      int64_t stages, int64_t levels, vrk_open_life *out);

/* The log likelihood of silences by log rates (death, contact, move, lost, cleaning), and its
 * gradient [5]. */
double vrk_open_life_ll(int64_t n, const vrk_silence *row, const double *log_rate,
                        double *gradient);

/* What a deal is like; levels are indices, -1 = not known. */
typedef struct {
    int64_t complexity, structure, segment, source;
} vrk_open_kind;

enum { VRK_OPEN_ONWARD, VRK_OPEN_BACK, VRK_OPEN_WON, VRK_OPEN_LOST, VRK_OPEN_CAUSES };

typedef struct {
    int64_t stages; /* numbers 0 ... stages - 1 as in the ledger */
    int64_t complexities, structures, segments;
    const char **complexity, **structure, **segment; /* names of the levels */
    double *rate;        /* log rates: of each cause the mean, then the levels of each term */
    double *onward;      /* [stages x stages] where a move onward leads; rows add up to 1, or 0 */
    double *back;        /* the same, back */
    double *hours;       /* [stages] recorded work per day open [hour/day]; NaN = not recorded */
    bool told;           /* signs of customers are recorded: `life` is there */
    vrk_open_life *life; /* [stages x complexities] */
    vrk_arena mem;
} vrk_open_model;

/* Rates of moves and ends by stage, band and situation, as mixed Poisson models of the ledger's
 * visits; the life of deals where `told`. About 0.2 s for 10,000 deals. On failure *out is empty.
 * VRK_EDB, VRK_EMEMORY, VRK_ECANCEL. */
VRK_MUST vrk_status vrk_open_model_fit(vrk_ctx *ctx, vrk_facts *facts, bool told,
                                       vrk_open_model *out);
void vrk_open_model_free(vrk_open_model *m);

/* The index of a level by its name, -1 = not seen. */
int64_t vrk_open_level(const char *const *name, int64_t n, const char *text);

/* What comes of a deal from now on. Dead deals are not won: of all deals as old and open the share
 * won, divided by the share that lives, is that of the living; it is not more than a fresh one's.
 */
typedef struct {
    double win;   /* probability, if it lives; where m->told is false, of all as old and open */
    double hours; /* of the seller's, until it ends; NaN = not recorded [hour] */
    double fresh; /* the probability of a win when it had just entered the stage */
} vrk_open_chance;

/* `age` [day] in the stage. Semi-Markov: rates by band of the stage, moves begin the next stage
 * anew. O(stages^2). VRK_EMEMORY. */
VRK_MUST vrk_status vrk_open_chance_of(vrk_ctx *ctx, const vrk_open_model *m, vrk_open_kind kind,
                                       int64_t stage, double age, vrk_open_chance *out);

#endif
