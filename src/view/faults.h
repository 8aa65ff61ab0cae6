/*
 * The faults of a server as a panel: which there are, on or off, how often each played, what each
 * means in words; behind them ready-made ones to add. The model is filled in by whoever knows the
 * server; what a key does with a row is not here.
 */
#ifndef VIEW_FAULTS_H
#define VIEW_FAULTS_H
#include "view/styled.h"

/* Texts are borrowed, and made safe here. */
struct faults_row {
    unsigned id;
    bool on;
    uint64_t matched, played;
    struct span line, words;
};
struct faults_offer {
    struct span line, what;
};
struct faults_panel {
    struct span server; /* its name */
    const struct faults_row *rows;
    size_t count;
    const struct faults_offer *offers;
    size_t offered;
    bool keys;           /* there are keys to choose a row with */
    const char *command; /* what people type: "/server fault" */
};

/* Each row, and each offer, takes two lines. */
void faults_text(const struct faults_panel *p, bool ascii, struct styled *out);
/* On which line of that text a row begins, counted from 0; behind the rows come the offers. */
unsigned faults_line(const struct faults_panel *p, size_t i);

#endif
