using System.Text;

namespace MassMessaging.Audit;

/// <summary>A file of JSON lines, written as it is read: memory does not grow with it.</summary>
/// <param name="fileName">ASCII.</param>
/// <param name="pages">The first is read before anything is written, so that its failure is a problem.</param>
public sealed class NdjsonStream(string fileName, IAsyncEnumerable<IEnumerable<string>> pages) : IResult
{
    public const string ContentType = "application/x-ndjson";

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        var lines = new StringBuilder();
        await using var page = pages.GetAsyncEnumerator(ct);
        var more = await page.MoveNextAsync();
        response.ContentType = ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        for (; more; more = await page.MoveNextAsync())
        {
            foreach (var line in page.Current) lines.Append(line).Append('\n');
            await response.WriteAsync(lines.ToString(), ct);
            lines.Clear();
        }
    }
}
