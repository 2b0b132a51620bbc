#include "ingest/score.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    int score;
} words[] = {
    {"never", 1},
    {"aldrig", 1},
    {"strongly disagree", 1},
    {"stämmer inte alls", 1},
    {"instämmer inte alls", 1},
    {"rarely", 2},
    {"seldom", 2},
    {"sällan", 2},
    {"disagree", 2},
    {"stämmer dåligt", 2},
    {"sometimes", 3},
    {"ibland", 3},
    {"neutral", 3},
    {"varken eller", 3},
    {"often", 4},
    {"ofta", 4},
    {"agree", 4},
    {"stämmer bra", 4},
    {"always", 5},
    {"alltid", 5},
    {"strongly agree", 5},
    {"stämmer helt", 5},
    {"instämmer helt", 5},
};

bool vrk_score_read(const char *text, size_t n, double *out)
{
    char number[32];
    size_t k = 0;
    while (n && (*text == ' ' || *text == '\t')) {
        text++;
        n--;
    }
    while (n && (text[n - 1] == ' ' || text[n - 1] == '\t'))
        n--;
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strlen(words[i].word) == n && !strncasecmp(words[i].word, text, n)) {
            *out = words[i].score;
            return true;
        }
    }
    while (k < n && k < sizeof(number) - 1 && strchr("0123456789.,", text[k])) {
        number[k] = text[k] == ',' ? '.' : text[k];
        k++;
    }
    number[k] = 0;
    char *stop;
    *out = strtod(number, &stop);
    if (!k || *stop)
        return false;
    for (; k < n && text[k] == ' '; k++)
        continue;
    return k == n || text[k] == '-' || text[k] == ':' || !strncmp(text + k, "–", 3) ||
           text[k] == '(';
}
