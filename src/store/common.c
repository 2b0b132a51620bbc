/* Passwords that many have: the words and rows of keys that lists of stolen passwords begin with,
 * whatever figures and signs stand around them or in their letters' places. */
#include "store/accounts.h"

#include <ctype.h>
#include <string.h>

enum { MOST = 256, LEFT_LEAST = 4 };

/* English and Swedish, and rows of keys; longer ones that hold shorter ones come first. */
static const char *const words[] = {
    "administrator", "administrat", "losenordet",   "losenord",  "passwords",   "password",
    "passw0rd",      "motdepasse",  "kennwort",     "passwort",  "sakerhet",    "hemligt",
    "hemlighet",     "secret",      "welcome",      "valkommen", "letmein",     "whatever",
    "trustno",       "iloveyou",    "jagalskardig", "alskling",  "alskar",      "sweetheart",
    "princess",      "prinsessa",   "sunshine",     "solsken",   "football",    "fotboll",
    "hockey",        "baseball",    "basketball",   "superman",  "batman",      "spiderman",
    "pokemon",       "starwars",    "master",       "mustang",   "dragon",      "monkey",
    "shadow",        "michael",     "jennifer",     "jordan",    "charlie",     "ashley",
    "daniel",        "jessica",     "andreas",      "johanna",   "sommaren",    "sommar",
    "vintern",       "vinter",      "hosten",       "varen",     "summer",      "winter",
    "autumn",        "spring",      "january",      "januari",   "february",    "februari",
    "march",         "april",       "june",         "july",      "august",      "augusti",
    "september",     "october",     "oktober",      "november",  "december",    "monday",
    "friday",        "mandag",      "fredag",       "stockholm", "goteborg",    "malmo",
    "uppsala",       "sverige",     "sweden",       "svensk",    "liverpool",   "chelsea",
    "arsenal",       "barcelona",   "google",       "facebook",  "internet",    "computer",
    "dator",         "windows",     "samsung",      "iphone",    "changeme",    "change",
    "default",       "startstart",  "start",        "login",     "inloggning",  "access",
    "admin",         "root",        "user",         "guest",     "gast",        "test",
    "demo",          "temp",        "hello",        "hejsan",    "hejhej",      "hej",
    "qwertyuiop",    "qwerty",      "asdfghjkl",    "asdfgh",    "asdf",        "zxcvbnm",
    "zxcvbn",        "zxcv",        "qazwsxedc",    "qazwsx",    "qweasdzxc",   "qweasd",
    "abcdefgh",      "abcdef",      "abcd",         "abc",       "freedom",     "ninja",
    "azerty",        "flower",      "blomma",       "cheese",    "chocolate",   "choklad",
    "killer",        "soccer",      "love",         "pass",      "verkan",      "company",
    "foretaget",     "foretag",     "sales",        "saljare",   "forsaljning", "chef",
};

/* Letters as such: small, without dots and rings, figures and signs that stand for letters as them.
 * Else 0. */
static char letter_of(unsigned char c, unsigned char next, size_t *used)
{
    static const char as[][2] = {{'0', 'o'}, {'1', 'i'}, {'3', 'e'}, {'4', 'a'}, {'5', 's'},
                                 {'7', 't'}, {'@', 'a'}, {'$', 's'}, {'!', 'i'}};
    *used = 1;
    if (c == 0xC3) { /* the two bytes of å, ä, ö and their capitals */
        *used = 2;
        unsigned char low = next | 0x20;
        return low == 0xA5 || low == 0xA4 ? 'a' : low == 0xB6 ? 'o' : low == 0xA9 ? 'e' : 0;
    }
    if (isalpha(c))
        return (char)tolower(c);
    for (size_t i = 0; i < sizeof(as) / sizeof(as[0]); i++) {
        if (as[i][0] == (char)c)
            return as[i][1];
    }
    return 0;
}

/* The letters alone; with `figures` those that figures and signs may stand for as well. */
static void letters(const char *password, bool figures, char *out)
{
    size_t n = 0, used;
    for (const char *p = password; *p && n < MOST; p += used) {
        char c = letter_of((unsigned char)*p, (unsigned char)p[1], &used);
        if (c && (figures || isalpha((unsigned char)*p) || used == 2))
            out[n++] = c;
    }
    out[n] = 0;
}

/* Figures and signs at both ends stand for nothing: "1sommar2026!". */
static void trim(const char *password, char *out)
{
    size_t n = strlen(password), from = 0;
    while (n > 0 && password[n - 1] > 0 && !isalpha((unsigned char)password[n - 1]))
        n--;
    while (from < n && password[from] > 0 && !isalpha((unsigned char)password[from]))
        from++;
    n = n - from < MOST ? n - from : MOST;
    memcpy(out, password + from, n);
    out[n] = 0;
}

/* How many letters are left when the words are taken out. */
static size_t left(char *text)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t n = strlen(words[i]);
        for (char *at; (at = strstr(text, words[i])) != NULL;)
            memmove(at, at + n, strlen(at + n) + 1);
    }
    return strlen(text);
}

/* Of the steps from one character to the next, nearly all are the same: 123456, aaaa, 1212. */
static bool is_row(const char *s)
{
    size_t n = strlen(s), same = 0, twice = 0;
    for (size_t i = 2; i < n; i++) {
        same += s[i] - s[i - 1] == s[i - 1] - s[i - 2];
        twice += s[i] == s[i - 2];
    }
    return n > 2 && (same * 10 >= (n - 2) * 7 || twice * 10 >= (n - 2) * 8);
}

/* The same few characters again and again: "kaffekaffekaffe". */
static bool repeats(const char *s)
{
    size_t n = strlen(s);
    for (size_t part = 1; part <= n / 2 && part <= 8; part++) {
        if (!strncmp(s, s + part, n - part))
            return true;
    }
    return false;
}

bool vrk_password_common(const char *password)
{
    char inner[MOST + 1], plain[MOST + 1], read[MOST + 1];
    trim(password, inner);
    letters(inner, false, plain);
    letters(inner, true, read);
    bool few = left(plain) < LEFT_LEAST || left(read) < LEFT_LEAST;
    return few || is_row(password) || repeats(password);
}
