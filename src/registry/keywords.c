/*
 * EHLO keywords: the IANA registry of mail parameters, and what vendors' servers say besides.
 * Not here: what a keyword's parameters of MAIL and RCPT mean (params.c). "AUTH=", as servers
 * wrote it before RFC 2554, is no row: the observer reads it as AUTH.
 *
 * Sources: the RFCs named in the rows; RFC 5321 2.2.1 for keywords that begin with X, which are
 * agreed between two parties and stand in no registry.
 */
#include "registry/keywords.h"

#include "registry/find.h"

/* Sorted by keyword, letter case ignored: keyword_number() halves its way through. */
const struct keyword_row keyword_rows[] = {
    { "8BITMIME", "The letter may hold octets above 127, as letters with accents in UTF-8 do.", "",
      "BODY", "", "", "registered", "RFC 6152 2" },
    { "ATRN",
      "A customer that is not always online asks here for the letters that wait for its domains; "
      "then the two sides change roles.",
      "", "", "", "ATRN", "registered", "RFC 2645 5.2.1" },
    { "AUTH", "The client may log in. The words after AUTH are the methods this server knows.",
      "mechanism...", "AUTH", "", "AUTH", "registered", "RFC 4954 3" },
    { "BINARYMIME",
      "The letter may hold any octets and need not be made of lines. It must then be sent with "
      "BDAT, not with DATA.",
      "", "BODY", "", "", "registered", "RFC 3030 3" },
    { "BURL",
      "The client may hand in a letter by naming the place on an IMAP server where it is stored, "
      "so that it is not sent twice.",
      "[imap] [imap://server]...", "", "", "BURL", "registered", "RFC 4468 3.1" },
    { "CHECKPOINT",
      "A transfer that broke off can be taken up again where it stopped. An experiment, hardly "
      "ever seen.",
      "", "TRANSID", "", "", "registered", "RFC 1845 2" },
    { "CHUNKING",
      "The letter may be sent in pieces of a stated size, with BDAT. No dot is needed at the end.",
      "", "", "", "BDAT", "registered", "RFC 3030 2" },
    { "CLIENTID",
      "The client may name the device or program that it is, which helps the server to notice "
      "stolen passwords. A draft only.",
      "", "", "", "CLIENTID", "vendor", "Internet-Draft of LinuxMagic" },
    { "CONNEG",
      "The server can tell which kinds of content a recipient's device is able to show or print.",
      "", "", "CONNEG", "", "registered", "RFC 4141 5.1" },
    { "CONPERM", "The sender may permit servers on the way to convert the letter's content.", "",
      "CONPERM", "", "", "registered", "RFC 4141 4.1" },
    { "coremail", "A value that belongs to this session, from a Coremail server. Clients skip it.",
      "value", "", "", "", "vendor", "Coremail" },
    { "DELIVERBY",
      "The sender may set a time by which the letter must be delivered, else it is returned or a "
      "notice is sent.",
      "[seconds]", "BY", "", "", "registered", "RFC 2852 2" },
    { "DSN",
      "The sender may choose which reports about delivery come back, such as failure, delay or "
      "success.",
      "", "RET ENVID", "NOTIFY ORCPT", "", "registered", "RFC 3461 3" },
    { "ENHANCEDSTATUSCODES",
      "Replies carry a second, finer code such as 5.1.1 after the three digits.", "", "", "", "",
      "registered", "RFC 2034 3" },
    { "ETRN", "A client can ask the server to send now the letters that wait for a domain.", "", "",
      "", "ETRN", "registered", "RFC 1985 2" },
    { "EXPN", "The server may tell who is on a mailing list. Many servers refuse, for privacy.", "",
      "", "", "EXPN", "registered", "RFC 5321 4.1.1.7" },
    { "FUTURERELEASE",
      "The sender may ask that the letter be held and sent on later. The numbers are the longest "
      "wait and the latest date.",
      "seconds date-time", "HOLDFOR HOLDUNTIL", "", "", "registered", "RFC 4865 3" },
    { "HELP", "The server answers HELP with a few words about itself or about a command.", "", "",
      "", "HELP", "registered", "RFC 5321 4.1.1.8" },
    { "LIMITS",
      "The server says in advance how many letters or recipients it takes in one session or one "
      "letter.",
      "name=value...", "", "", "", "registered", "RFC 9422" },
    { "MT-PRIORITY", "The sender may say how urgent the letter is, from -9 to 9.", "[policy]",
      "MT-PRIORITY", "", "", "registered", "RFC 6710 3" },
    { "MTRK", "The sender may ask that the letter's way can be looked up later.", "", "MTRK", "",
      "", "registered", "RFC 3885 2" },
    { "NO-SOLICITING",
      "The server names kinds of advertising that it does not want; the sender may say which kind "
      "the letter is.",
      "[keywords]", "SOLICIT", "", "", "registered", "RFC 3865 2" },
    { "OK", "No extension: some servers end their list with this word. Clients skip it.", "", "",
      "", "", "customary", "seen in SubEthaSMTP and Axigen" },
    { "ONEX", "The client meant to send one letter only. Historic.", "", "", "", "ONEX", "obsolete",
      "IANA mail parameters" },
    { "PIPECONNECT",
      "On its next visit the client may send EHLO at once, before the server's greeting.", "", "",
      "", "", "vendor", "Exim" },
    { "PIPELINING",
      "The client may send several commands together, without waiting for each reply.", "", "", "",
      "", "registered", "RFC 2920 2" },
    { "PRDR", "After the letter the server can answer for each recipient apart.", "", "PRDR", "",
      "", "vendor", "draft-hall-prdr, Exim" },
    { "REQUIRETLS",
      "The sender may demand that the letter travel encrypted on its whole way, or else be "
      "returned.",
      "", "REQUIRETLS", "", "", "registered", "RFC 8689 2" },
    { "RRVS",
      "The sender may ask that the letter be delivered only if the recipient has owned the address "
      "since a given date.",
      "", "", "RRVS", "", "registered", "RFC 7293 3.1" },
    { "SAML", "An old verb: show on the recipient's screen, and mail as well. Not used now.", "",
      "", "", "SAML", "obsolete", "RFC 5321 F.6" },
    { "SEND", "An old verb: show on the recipient's screen. Not used now.", "", "", "", "SEND",
      "obsolete", "RFC 5321 F.6" },
    { "SIZE",
      "The number is the largest letter, in octets, that the server takes. 0 or none: no fixed "
      "limit is stated.",
      "[octets]", "SIZE", "", "", "registered", "RFC 1870 3" },
    { "SMTPUTF8", "Addresses and header fields may hold any letters, not ASCII alone.", "",
      "SMTPUTF8", "", "", "registered", "RFC 6531 3.1" },
    { "SOML", "An old verb: show on the recipient's screen, or else mail. Not used now.", "", "",
      "", "SOML", "obsolete", "RFC 5321 F.6" },
    { "STARTTLS",
      "The client may switch this connection to encryption (TLS). Afterwards it says EHLO again.",
      "", "", "", "STARTTLS", "registered", "RFC 3207 2" },
    { "SUBMITTER",
      "The client may name who is responsible for handing in the letter. A past experiment.", "",
      "SUBMITTER", "", "", "obsolete", "RFC 4405" },
    { "TURN", "An old verb: the two sides change roles. Unsafe, since nobody proves who they are.",
      "", "", "", "TURN", "obsolete", "RFC 5321 F.1" },
    { "UTF8SMTP", "The first experiment with letters beyond ASCII in addresses. Now SMTPUTF8.", "",
      "ALT-ADDRESS", "ALT-ADDRESS", "", "obsolete", "RFC 5336 3.1" },
    { "VERB", "The client could ask the server to report more of what it does. Historic.", "", "",
      "", "VERB", "obsolete", "IANA mail parameters" },
    { "VERP",
      "The server can write each recipient into the return address, so that a mailing list knows "
      "which address failed.",
      "", "XVERP", "", "", "vendor", "Postfix VERP_README" },
    { "VRFY",
      "The server answers VRFY, which asks whether an address exists. A server need not list it.",
      "", "", "", "VRFY", "customary", "RFC 5321 3.5.2" },
    { "X-ANONYMOUSTLS", "Encryption between Exchange servers, without a check of certificates.", "",
      "", "", "X-ANONYMOUSTLS", "vendor", "Exchange" },
    { "X-EXPS", "Log-in between Exchange servers. The words after it are the methods.",
      "mechanism...", "", "", "X-EXPS", "vendor", "Exchange" },
    { "X-LINK2STATE",
      "Exchange servers of 2000 and 2003 told each other which routes were open. Historic.", "", "",
      "", "X-LINK2STATE", "vendor", "Exchange" },
    { "X-NOTHING", "A filler without meaning. Clients skip it.", "", "", "", "", "vendor",
      "seen at one server" },
    { "X_PIPE_CONNECT", "The older spelling of PIPECONNECT.", "", "", "", "", "vendor", "Exim" },
    { "XADR", "A private extension of the PMDF family of servers. Clients skip it.", "", "", "",
      "XADR", "vendor", "PMDF, Sun Messaging Server" },
    { "XCIR", "A private extension of the PMDF family of servers. Clients skip it.", "", "", "",
      "XCIR", "vendor", "PMDF, Sun Messaging Server" },
    { "XCLIENT",
      "A trusted proxy can pass on the real client's name and address. The words after it are what "
      "may be passed.",
      "name...", "", "", "XCLIENT", "vendor", "Postfix XCLIENT_README" },
    { "XEXCH50", "Exchange servers passed data of their own with the letter. Historic.", "", "", "",
      "XEXCH50", "vendor", "Exchange" },
    { "XFORWARD",
      "A trusted content filter can pass on the real client's name and address, for the log.",
      "name...", "", "", "XFORWARD", "vendor", "Postfix XFORWARD_README" },
    { "XGEN", "A private extension of the PMDF family of servers. Clients skip it.", "", "", "",
      "XGEN", "vendor", "PMDF, Sun Messaging Server" },
    { "XLOOP", "A mark by which servers of the PMDF family notice that a letter goes in circles.",
      "mark", "", "", "", "vendor", "PMDF, Sun Messaging Server" },
    { "XMESSAGECONTEXT", "Exchange servers pass data of their own with the letter.", "names...", "",
      "", "", "vendor", "Exchange" },
    { "XOORG", "Exchange servers pass on from which organisation the letter comes.", "", "XOORG",
      "", "", "vendor", "Exchange" },
    { "XORIGFROM", "Exchange servers pass on the first sender of the letter.", "", "XORIGFROM", "",
      "", "vendor", "Exchange" },
    { "XPROXY", "Exchange's front servers pass on the real client's name and address.", "", "", "",
      "XPROXY XPROXYFROM XPROXYTO", "vendor", "Exchange" },
    { "XRDST", "Exchange servers pass on where the letter shall be routed.", "", "XRDST", "", "",
      "vendor", "Exchange" },
    { "XSHADOW", "A second Exchange server keeps a copy until the first has delivered the letter.",
      "", "XSHADOW", "", "XSHADOW XQDISCARD", "vendor", "Exchange" },
    { "XSHADOWREQUEST", "Exchange servers ask each other to keep a second copy of a letter.", "",
      "", "", "", "vendor", "Exchange" },
    { "XSTA", "A private extension of the PMDF family of servers. Clients skip it.", "", "", "",
      "XSTA", "vendor", "PMDF, Sun Messaging Server" },
    { "XSYSPROBE", "Exchange servers mark letters that only test whether mail flows.", "",
      "XSYSPROBEID", "", "", "vendor", "Exchange" },
    { "XUSR", "The client could say that a person has just handed in the letter. Historic.", "", "",
      "", "XUSR", "vendor", "Sendmail 8" },
    { "XVERP",
      "The server can write each recipient into the return address, in the manner of Courier and "
      "qmail.",
      "", "VERP", "", "", "vendor", "Courier" },
};
const size_t keyword_row_count = sizeof keyword_rows / sizeof keyword_rows[0];

int keyword_number(struct span name)
{
    size_t low = 0, high = keyword_row_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = find_order(name, keyword_rows[middle].keyword);

        if (!order)
            return (int)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}
