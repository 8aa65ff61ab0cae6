/* EHLO keywords and MAIL/RCPT parameters, as rows. The number of a keyword is its row. */
#ifndef REGISTRY_KEYWORDS_H
#define REGISTRY_KEYWORDS_H
#include "base/span.h"

struct keyword_row {
    const char *keyword;
    const char *meaning;                   /* one or two sentences */
    const char *params;                    /* of the keyword itself; "" none */
    const char *mail_params, *rcpt_params; /* space separated names it allows: "SIZE", "BODY" */
    const char *verbs;                     /* space separated verbs it brings */
    /* "registered", "obsolete", "vendor"; "customary": in no registry, but often seen */
    const char *status;
    const char *source;
};
extern const struct keyword_row keyword_rows[]; /* at most 192, see OBSERVER_KEYWORD_WORDS */
extern const size_t keyword_row_count;
/* Row number by name, letter case ignored; -1: not known. */
int keyword_number(struct span name);

struct param_row {
    const char *command; /* "MAIL", "RCPT", "VRFY" or "EXPN" */
    const char *param;
    const char *value;   /* its form, "" when it has none */
    const char *keyword; /* that must have been offered; of two words, one is enough */
    const char *meaning, *source;
};
extern const struct param_row param_rows[];
extern const size_t param_row_count;
const struct param_row *param_row(struct span command, struct span param);
/* Was the parameter's keyword among those offered (bits by keyword number)? */
bool param_offered(const struct param_row *row, const uint64_t *keywords);

struct limit_row {
    const char *what;
    uint64_t value;
    const char *unit, *source;
};
extern const struct limit_row limit_rows[];
extern const size_t limit_row_count;

#endif
