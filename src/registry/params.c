/*
 * Parameters of MAIL, RCPT, VRFY and EXPN, and the keyword in the EHLO reply that allows each.
 * Not here: whether a value is well formed (smtp/param.h).
 */
#include "registry/find.h"
#include "registry/keywords.h"

/* Sorted by command, then by parameter: param_row() halves its way through. */
const struct param_row param_rows[] = {
    { "EXPN", "SMTPUTF8", "", "SMTPUTF8", "The reply may hold letters beyond ASCII.",
      "RFC 6531 3.7.4.2" },
    { "EXPN", "UTF8REPLY", "", "UTF8SMTP",
      "The reply may hold letters beyond ASCII. The experiment before SMTPUTF8.", "RFC 5336 3.1" },
    { "MAIL", "ALT-ADDRESS", "address as xtext", "UTF8SMTP",
      "A second address in ASCII, for servers that know no other. A past experiment.",
      "RFC 5336 3.4" },
    { "MAIL", "AUTH", "address as xtext, or <>", "AUTH",
      "Who handed in the letter, as far as the client knows. <> means: not known.", "RFC 4954 5" },
    { "MAIL", "BODY", "7BIT, 8BITMIME or BINARYMIME", "8BITMIME BINARYMIME",
      "Which octets the letter holds: ASCII only, any octets in lines, or any octets at all.",
      "RFC 6152 3" },
    { "MAIL", "BY", "seconds;R or seconds;N, then T or nothing", "DELIVERBY",
      "How many seconds remain for delivery. Then R returns the letter, N sends a notice; T "
      "reports "
      "each step.",
      "RFC 2852 4" },
    { "MAIL", "CONPERM", "", "CONPERM",
      "Servers on the way may convert the content, as the letter's header permits.",
      "RFC 4141 4.2" },
    { "MAIL", "ENVID", "xtext, at most 100 characters", "DSN",
      "A mark of the sender's own, which comes back in reports about this letter.",
      "RFC 3461 4.4" },
    { "MAIL", "HOLDFOR", "seconds", "FUTURERELEASE",
      "How many seconds the server shall keep the letter before it sends it on.", "RFC 4865 3" },
    { "MAIL", "HOLDUNTIL", "date-time in UTC", "FUTURERELEASE",
      "Until when the server shall keep the letter before it sends it on.", "RFC 4865 3" },
    { "MAIL", "MT-PRIORITY", "-9 to 9", "MT-PRIORITY",
      "How urgent the letter is. 0 is the usual; higher numbers go first.", "RFC 6710 3" },
    { "MAIL", "MTRK", "certifier[:seconds]", "MTRK",
      "The letter's way shall be kept, for questions by whoever knows the matching secret.",
      "RFC 3885 3.1" },
    { "MAIL", "PRDR", "", "PRDR",
      "The client asks for one reply for each recipient after the letter.",
      "draft-hall-prdr, Exim" },
    { "MAIL", "REQUIRETLS", "", "REQUIRETLS",
      "The letter must travel encrypted on its whole way, or else be returned.", "RFC 8689 2" },
    { "MAIL", "RET", "FULL or HDRS", "DSN",
      "How much of the letter a report of failure returns: all of it, or its header only.",
      "RFC 3461 4.3" },
    { "MAIL", "SIZE", "octets", "SIZE",
      "About how large the letter will be, so that a server can refuse it before it is sent.",
      "RFC 1870 6" },
    { "MAIL", "SMTPUTF8", "", "SMTPUTF8",
      "The letter, or an address of it, holds letters beyond ASCII.", "RFC 6531 3.4" },
    { "MAIL", "SOLICIT", "keywords, with commas between", "NO-SOLICITING",
      "Which kinds of advertising the letter holds.", "RFC 3865 2.3" },
    { "MAIL", "SUBMITTER", "address as xtext", "SUBMITTER",
      "Who is responsible for handing in the letter. A past experiment.", "RFC 4405" },
    { "MAIL", "TRANSID", "<id>", "CHECKPOINT",
      "A name for this transfer, so that it can be taken up again if the connection breaks.",
      "RFC 1845 3" },
    { "MAIL", "VERP", "", "XVERP", "The server shall write each recipient into the return address.",
      "Courier" },
    { "MAIL", "XOORG", "domain", "XOORG",
      "From which organisation the letter comes, between Exchange servers.", "Exchange" },
    { "MAIL", "XORIGFROM", "address", "XORIGFROM",
      "The first sender of the letter, between Exchange servers.", "Exchange" },
    { "MAIL", "XRDST", "route", "XRDST",
      "Where the letter shall be routed, between Exchange servers.", "Exchange" },
    { "MAIL", "XSHADOW", "id", "XSHADOW",
      "Under which name a second Exchange server keeps a copy of the letter.", "Exchange" },
    { "MAIL", "XSYSPROBEID", "id", "XSYSPROBE",
      "Marks a letter that only tests whether mail flows, between Exchange servers.", "Exchange" },
    { "MAIL", "XVERP", "[delimiters]", "VERP",
      "The server shall write each recipient into the return address.", "Postfix VERP_README" },
    { "RCPT", "ALT-ADDRESS", "address as xtext", "UTF8SMTP",
      "A second address in ASCII, for servers that know no other. A past experiment.",
      "RFC 5336 3.4" },
    { "RCPT", "CONNEG", "", "CONNEG",
      "The client asks which kinds of content this recipient's device can show or print.",
      "RFC 4141 5.2" },
    { "RCPT", "NOTIFY", "NEVER, or some of SUCCESS,FAILURE,DELAY", "DSN",
      "When the sender wants a report about this recipient. NEVER stands alone.", "RFC 3461 4.1" },
    { "RCPT", "ORCPT", "type;address as xtext", "DSN",
      "The recipient as the sender first wrote it; it comes back in reports.", "RFC 3461 4.2" },
    { "RCPT", "RRVS", "date-time[;C or ;R]", "RRVS",
      "Deliver only if the recipient has owned the address since this date. C and R say what to do "
      "where that cannot be checked.",
      "RFC 7293 3.1" },
    { "VRFY", "SMTPUTF8", "", "SMTPUTF8", "The reply may hold letters beyond ASCII.",
      "RFC 6531 3.7.4.2" },
    { "VRFY", "UTF8REPLY", "", "UTF8SMTP",
      "The reply may hold letters beyond ASCII. The experiment before SMTPUTF8.", "RFC 5336 3.1" },
};
const size_t param_row_count = sizeof param_rows / sizeof param_rows[0];

const struct param_row *param_row(struct span command, struct span param)
{
    size_t low = 0, high = param_row_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct param_row *row = &param_rows[middle];
        int order = find_order(command, row->command);

        if (!order)
            order = find_order(param, row->param);
        if (!order)
            return row;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool param_offered(const struct param_row *row, const uint64_t *keywords)
{
    struct span rest = span_of(row->keyword);

    while (rest.len) {
        int number = keyword_number(span_cut(rest, ' ', &rest));

        if (number >= 0 && keywords[number / 64] >> number % 64 & 1)
            return true;
    }
    return false;
}
