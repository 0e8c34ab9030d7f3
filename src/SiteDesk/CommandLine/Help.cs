namespace SiteDesk.CommandLine;

internal static class Help
{
    public const string Text =
        """
        SiteDesk, the support service of a website in one program.

        sitedesk [serve]                       start; the first page you open sets it up
        sitedesk migrate                       create or upgrade the database and stop
        sitedesk user add EMAIL --role ROLE    add a member of staff   [--name NAME] [--language en|ru|zh-Hans] [--time-zone ZONE]
        sitedesk user reset-password EMAIL     give a new password and sign out every session
                                               (asked for, or read from standard input, --password-file FILE, --generate)
        sitedesk backup FILE                   write everything into one archive, while the program runs
        sitedesk restore FILE [--force]        bring it back, into SQLite or PostgreSQL; --force replaces what is there
        sitedesk help import PATH [--preview]  take articles from a folder or zip of Markdown or HTML   [--site KEY]
        sitedesk help export PATH              write them there: a folder, or a file that ends in .zip   [--site KEY]
        sitedesk mail inspect FILE…            say how stored messages are understood, one JSON object each
        sitedesk doctor                        check the set-up and say how to mend it
        sitedesk --help | --version

        Settings of every command, here or in sitedesk.json or in the environment:
          --data FOLDER               SITEDESK_DATA              everything that is not in PostgreSQL; default: data
          --config FILE                                          the settings file; default: sitedesk.json in the data folder
          --database ADDRESS          SITEDESK_DATABASE          "Host=…;Database=…;Username=…;Password=…", or a path for SQLite
          --urls ADDRESSES            SITEDESK_URLS              where to listen; default: http://localhost:5080
          --public-address ADDRESS    SITEDESK_PUBLICADDRESS     what people type: https://help.example.com
          --trusted-proxies LIST      SITEDESK_TRUSTEDPROXIES    reverse proxies whose forwarded headers are believed
          --certificate FILE          SITEDESK_CERTIFICATE       PEM certificate chain, for HTTPS without a proxy
          --certificate-key FILE      SITEDESK_CERTIFICATEKEY    and its key
          --otlp ADDRESS              SITEDESK_OTLP              where metrics and traces go: http://localhost:4317
          --virus-scanner ADDRESS     SITEDESK_VIRUSSCANNER      clamd, as host:port or the path of its socket
          --model-networks RANGES     SITEDESK_MODELNETWORKS     where, outside the public network, a language model may stand: 127.0.0.1
          --demo                      SITEDESK_DEMO              fill an empty installation with believable data
        Of a setting given twice the command line wins, then the environment, then the file.

        Exit codes: 0 done, 1 unforeseen, 64 command line not understood, 65 damaged data, 69 port taken or database not reachable,
        74 disk full, 75 database locked, 77 no permission, 78 configuration wrong or database of a newer program.
        """;
}
