/*
 * Reply codes: rows of what is known, RFC 5321 4.2.2 and 4.2.3 and the RFCs of extensions.
 * Words are our own. Lookups return NULL when nothing is known.
 */
#ifndef REGISTRY_CODES_H
#define REGISTRY_CODES_H
#include "smtp/reply.h"
#include "smtp/verb.h"

struct code_row {
    unsigned code;
    const char *name;    /* short: "ready", "mailbox unavailable" */
    const char *meaning; /* one or two sentences for a learner */
    const char *admin;   /* shorter, for an admin */
    const char *advice;  /* what the sender should do next */
    /* Verbs it may answer, for reference: "CONNECT STARTTLS"; "." is the end of the letter, "any"
       every command, "" none: only logs and reports show the code. */
    const char *given_to;
    const char *source;
};
const struct code_row *code_row(unsigned code);
extern const struct code_row code_rows[];
extern const size_t code_row_count;

/* The digits of a reply code: position 1 or 2 (RFC 5321 4.2.1). Position 3 has no table. */
struct digit_row {
    unsigned position;
    char digit;
    const char *name, *meaning, *advice, *source;
};
const struct digit_row *digit_row(unsigned position, char digit);

/* Enhanced status codes (RFC 3463 and the registry); X in front stands for any class. */
struct enhanced_row {
    uint16_t subject, detail;
    const char *classes; /* "45": the classes it is defined for */
    const char *name, *meaning, *advice, *source;
};
/* 4 and 5 stand for each other, and 2 is right for any detail 0, as servers use them: `classes`
 * says what was meant. NULL: not known, or a success with a detail that only failures have. */
const struct enhanced_row *enhanced_row(struct enhanced_code code);
extern const struct enhanced_row enhanced_rows[];
extern const size_t enhanced_row_count;
struct enhanced_subject_row {
    uint16_t subject;
    const char *name, *meaning;
};
const struct enhanced_subject_row *enhanced_subject_row(uint16_t subject);

/*
 * What a reply means after this verb: 250 after RCPT, after the dot and after RSET are three
 * things.
 */
struct meaning_row {
    enum verb verb;
    unsigned code;       /* exact code, or 2 3 4 5: any of that class */
    const char *learner; /* at most 156 characters; fits two rows of the pane. Of an exact code it
                            begins with "250 = "; of a class the reader puts that in front */
    const char *admin;   /* shorter, a phrase without code and section */
    const char *advice;  /* who must act, try again or not */
    const char *source;
};
/* The most exact row for the pair: exact code first, then its class; NULL: use code_row(). */
const struct meaning_row *meaning_row(enum verb verb, unsigned code);
/* All rows, in groups of verbs. */
#define MEANING_GROUPS 3
struct meaning_group {
    const struct meaning_row *rows;
    size_t count;
};
extern const struct meaning_group *const meaning_groups[MEANING_GROUPS];

#endif
