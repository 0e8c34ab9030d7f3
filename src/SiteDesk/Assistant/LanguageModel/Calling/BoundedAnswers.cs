namespace SiteDesk.Assistant.LanguageModel.Calling;

/// <summary>An answer that no model gives: it is longer than any text that was asked for.</summary>
internal sealed class AnswerTooLargeException() : IOException($"The answer is longer than {BoundedAnswers.MostBytes} bytes.");

/// <summary>Reads an answer whole before anybody looks at it, and stops at a bound.</summary>
internal sealed class BoundedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>The longest text that is asked for is a translated message; in JSON escapes six bytes a letter.</summary>
    public const int MostBytes = 512 * 1024;

    private const int ChunkLength = 16 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        try
        {
            if (answer.Content.Headers.ContentLength > MostBytes)
                throw new AnswerTooLargeException();
            using var kept = new MemoryStream();
            await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var chunk = new byte[ChunkLength];
            for (int read; (read = await content.ReadAsync(chunk, cancellationToken)) > 0;)
            {
                if (kept.Length + read > MostBytes)
                    throw new AnswerTooLargeException();
                kept.Write(chunk, 0, read);
            }

            var whole = new ByteArrayContent(kept.ToArray());
            whole.Headers.ContentType = answer.Content.Headers.ContentType;
            answer.Content = whole;
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
