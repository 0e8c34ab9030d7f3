using System.Runtime.CompilerServices;

namespace SiteDesk.Mail.Tests;

/// <summary>Where the public corpora lie: beside the repository, or where SITEDESK_CORPORA says.</summary>
internal static class Corpora
{
    public static string Folder(string name)
    {
        var folder = Path.Combine(Root(), name);
        Directory.Exists(folder).ShouldBeTrue($"corpus {name} not found at {folder}; set SITEDESK_CORPORA");
        return folder;
    }

    private static string Root([CallerFilePath] string here = "")
    {
        if (Environment.GetEnvironmentVariable("SITEDESK_CORPORA") is { Length: > 0 } named) return named;
        for (var folder = new FileInfo(here).Directory; folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "corpora");
            if (Directory.Exists(candidate)) return candidate;
        }
        return Path.Combine("..", "shared", "corpora");
    }
}

/// <summary>Messages written in tests, one character a byte.</summary>
internal static class Eml
{
    public static MimeMessage Read(string latin1, MailLimits? limits = null) => MimeMessage.Read(Bytes(latin1), limits);

    public static byte[] Bytes(string latin1) => System.Text.Encoding.Latin1.GetBytes(latin1.Replace("\r\n", "\n").Replace("\n", "\r\n"));

    /// <summary>A message with one text part in the given bytes.</summary>
    public static MimeMessage WithBody(string headers, byte[] body) => MimeMessage.Read((byte[])[.. Bytes(headers + "\n\n"), .. body]);
}
