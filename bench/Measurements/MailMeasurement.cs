using System.Diagnostics;
using SiteDesk.Mail;

namespace SiteDesk.Bench.Measurements;

/// <summary>How fast messages are read, against reading their bytes from the same files.</summary>
internal sealed class MailMeasurement : IMeasurement
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    public string Name => "mail";

    public string Usage => "--folder FOLDER: every file below it as a message, read raw, parsed, and inspected, on one core";

    public Task<MeasurementResult> RunAsync(MeasurementOptions options)
    {
        var folder = options.Text("folder") ?? throw new UsageException("--folder FOLDER is missing.");
        if (!Directory.Exists(folder))
            throw new UsageException($"--folder: there is no folder {folder}.");
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        var messages = files.Select(File.ReadAllBytes).Where(bytes => bytes.Length > 0).ToList();
        if (messages.Count == 0)
            throw new UsageException($"--folder: {folder} holds no files.");
        var megabytes = messages.Sum(bytes => (double)bytes.Length) / 1e6;

        // Once around for the compiler.
        Rounds(() => messages.ForEach(Parse));
        var raw = Rounds(() => Array.ForEach(files, file => File.ReadAllBytes(file)));
        var parsed = Rounds(() => messages.ForEach(Parse));
        var both = Rounds(() => Array.ForEach(files, file => Parse(File.ReadAllBytes(file))));
        var inspected = Rounds(() => messages.ForEach(bytes => MailInspection.WriteJson(bytes, "", Stream.Null)));
        return Task.FromResult(new MeasurementResult()
            .Add("rawMegabytesPerSecond", megabytes * raw, "baseline: the files read, nothing else")
            .Add("readAndParsedMegabytesPerSecond", megabytes * both, "the files read and parsed")
            .Add("parsedMegabytesPerSecond", megabytes * parsed, "goal 40: headers, text, HTML, attachments from memory")
            .Add("shareOfBaseline", both / raw, "read and parsed against read")
            .Add("parsedPerSecond", messages.Count * parsed, "messages")
            .Add("inspectedPerSecond", messages.Count * inspected, "messages, with sanitised HTML, trimmed reply, bounce, JSON"));
    }

    private static void Parse(byte[] bytes)
    {
        var message = MimeMessage.Read(bytes);
        _ = (message.MessageId, message.From, message.To, message.Cc, message.Subject, message.Date, message.References, message.Body.Text, message.Body.Html, message.Body.Attachments);
    }

    /// <summary>How many times a second the work is done.</summary>
    private static double Rounds(Action work)
    {
        var clock = Stopwatch.StartNew();
        var rounds = 0;
        while (clock.Elapsed < Duration)
        {
            work();
            rounds++;
        }
        return rounds / clock.Elapsed.TotalSeconds;
    }
}
