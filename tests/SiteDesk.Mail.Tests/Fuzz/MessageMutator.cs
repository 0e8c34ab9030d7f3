using System.Text;

namespace SiteDesk.Mail.Tests.Fuzz;

/// <summary>Makes broken messages out of good ones, knowing where messages are sensitive. The same seed makes the same message.</summary>
internal sealed class MessageMutator(IReadOnlyList<byte[]> originals)
{
    private static readonly string[] Charsets = ["utf-7", "utf-16", "utf-32", "gb18030", "big5", "shift_jis", "iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "koi8-r", "x-cp50227", "x-unknown", "ibm037", "", "\"", "utf-8*", "cp0", "cp65000", "cp1200", "euc-jp", "x-user-defined", new('x', 500)];
    private static readonly string[] Encodings = ["base64", "quoted-printable", "x-uuencode", "7bit", "binary", "8bit", "bogus", "", "BASE64;", "base64 base64"];
    private static readonly string[] Types =
    [
        "multipart/mixed; boundary=b", "multipart/mixed", "multipart/alternative; boundary=\"\"", "multipart/related; boundary=b; start=\"<x>\"", "multipart/report; report-type=delivery-status; boundary=b", "multipart/digest; boundary=b", "message/rfc822", "message/delivery-status", "message/feedback-report", "text/html", "text/plain; format=flowed; delsp=yes", "text/calendar",
        "text/enriched", "text/rfc822-headers", "application/ms-tnef", "/", "text", "text/", ";;;", "text/plain; charset*0*=utf-8''%", "text/plain; name*0*=x''%41; name*1*=%4; name*99999999999=z", "text/plain; charset=\"utf-8", "multipart/x", "text/plain (((((",
    ];
    private static readonly string[] Fragments =
    [
        "=?utf-8?Q?", "=?utf-8?B?", "?=", "=?", "=?gb18030?B?////?=", "=?utf-7?Q?+AAA-?=", "(((((((((", ")))", "\"\"\"\"\"\"", "\\\\\\\"", "<<<<<<", ">>>>>>", ",,,,,;;;;::::", "@@@@@", "<@a,@b:c@d>", "=", "=\r\n", "==3D=3", "\0\0\0", "\r", "\r\r\n", "\n\r\n", "--", "--b", "--b--", "\r\n--b\r\n\r\n", "begin 644 x\r\n", "#0V%T\r\nend\r\n", "> > > > > ", "On 1 Jan 2024, a@b wrote:\r\n", "From: x\r\nSent: y\r\nTo: z\r\nSubject: w\r\n",
        "-----Original Message-----\r\n", "<div>", "<blockquote>", "<table><tr><td>", "<!--", "-->", "<style>", "</style>", "<a href=\"", "<p style=\"", "&#x10FFFF;", "&lt;", "<b><i><u>", "<svg><math><template>", "\u00ff\u00fe", "\x1b$B", "\x1b(B", "\x1b$)C", "~{", "~}", "+ADw-", "Final-Recipient: rfc822; a@b.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n", "550 5.1.1 ", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "\t\t\t\t", "                ", "%%%%", "''''", "\u00e2\u0080\u00ae", "\u00ed\u00a0\u0080",
    ];

    public byte[] Make(int seed)
    {
        var random = new Random(seed);
        var message = Encoding.Latin1.GetString(originals[random.Next(originals.Count)]);
        for (var rounds = 1 + random.Next(6); rounds > 0; rounds--) message = Mutate(message, random);
        return Encoding.Latin1.GetBytes(message.Length > 300_000 ? message[..300_000] : message);
    }

    private string Mutate(string text, Random random)
    {
        if (text.Length == 0) return Pick(Fragments, random);
        var at = random.Next(text.Length);
        var length = Math.Min(text.Length - at, 1 << random.Next(12));
        switch (random.Next(18))
        {
            case 0: return text[..at];
            case 1: return text[..at] + text[(at + length)..];
            case 2: return text[..at] + text.Substring(at, length) + text[at..];
            case 3: return text[..at] + (char)random.Next(256) + text[(at + 1)..];
            case 4: return text[..at] + Noise(random) + text[at..];
            case 5: return text[..at] + Pick(Fragments, random) + text[at..];
            case 6: return text[..at] + string.Concat(Enumerable.Repeat(Pick(Fragments, random), 1 << random.Next(11))) + text[at..];
            case 7: return SetField(text, "Content-Type", random.Next(2) == 0 ? Pick(Types, random) : "text/html; charset=" + Pick(Charsets, random), random);
            case 8: return SetField(text, "Content-Transfer-Encoding", Pick(Encodings, random), random);
            case 9: return SetField(text, Pick(["From", "To", "Subject", "Date", "References", "Message-ID", "Content-Disposition", "Authentication-Results", "X-Failed-Recipients"], random), Noise(random) + Pick(Fragments, random), random);
            case 10: return Replace(text, "charset=", "charset=" + Pick(Charsets, random) + ";", random);
            case 11: return Replace(text, "boundary=", "boundary=x", random);
            case 12: return text.Replace("\r\n", Pick(["\n", "\r", "\r\n\r\n", "\n\n", " "], random));
            case 13: return Wrapped(text, random);
            case 14: return Spliced(text, random);
            case 15: return Replace(text, "\r\n\r\n", Pick(["\r\n", "\r\n \r\n", "\r\n\t\r\nx", "\r\n\0\r\n"], random), random);
            case 16: return Replace(text, ": ", ":" + Pick(Fragments, random) + Noise(random), random);
            default: return Shuffled(text, random);
        }
    }

    private static string Pick(string[] choices, Random random) => choices[random.Next(choices.Length)];

    private static string Noise(Random random)
    {
        var noise = new char[random.Next(200)];
        for (var at = 0; at < noise.Length; at++) noise[at] = (char)random.Next(random.Next(2) == 0 ? 128 : 256);
        return new string(noise);
    }

    private static string SetField(string text, string name, string value, Random random)
    {
        var places = new List<int>();
        for (var at = text.IndexOf(name + ":", StringComparison.OrdinalIgnoreCase); at >= 0 && places.Count < 50; at = text.IndexOf(name + ":", at + 1, StringComparison.OrdinalIgnoreCase)) places.Add(at);
        if (places.Count == 0) return $"{name}: {value}\r\n{text}";
        var place = places[random.Next(places.Count)];
        var end = text.IndexOf('\n', place);
        return text[..place] + $"{name}: {value}\r\n" + (end < 0 ? string.Empty : text[(end + 1)..]);
    }

    private static string Replace(string text, string what, string by, Random random)
    {
        var at = text.IndexOf(what, random.Next(text.Length), StringComparison.OrdinalIgnoreCase);
        if (at < 0) at = text.IndexOf(what, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? text + by : text[..at] + by + text[(at + what.Length)..];
    }

    private static string Wrapped(string text, Random random)
    {
        for (var depth = random.Next(1, 30); depth > 0; depth--)
            text = random.Next(3) switch
            {
                0 => $"Content-Type: message/rfc822\r\n\r\n{text}",
                1 => $"Content-Type: multipart/mixed; boundary=w{depth}\r\n\r\n--w{depth}\r\n{text}\r\n--w{depth}--\r\n",
                _ => $"Content-Type: multipart/alternative; boundary=w{depth}\r\n\r\n--w{depth}\r\n\r\nplain\r\n--w{depth}\r\n{text}",
            };
        return text;
    }

    private string Spliced(string text, Random random)
    {
        var other = Encoding.Latin1.GetString(originals[random.Next(originals.Count)]);
        return text[..random.Next(text.Length)] + other[random.Next(other.Length)..];
    }

    private static string Shuffled(string text, Random random)
    {
        var lines = text.Split('\n');
        for (var swaps = random.Next(1, 20); swaps > 0; swaps--)
        {
            int one = random.Next(lines.Length), two = random.Next(lines.Length);
            (lines[one], lines[two]) = (lines[two], lines[one]);
        }
        return string.Join('\n', lines);
    }
}
