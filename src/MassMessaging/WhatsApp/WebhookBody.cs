using System.Text;

namespace MassMessaging.WhatsApp;

internal static class WebhookBody
{
    /// <summary>The bytes as they came; null when there are too many.</summary>
    public static async Task<byte[]?> Read(HttpRequest request, int mostBytes, CancellationToken ct)
    {
        if (request.ContentLength > mostBytes) return null;

        using var bytes = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, ct)) > 0)
        {
            if (bytes.Length + read > mostBytes) return null;
            await bytes.WriteAsync(chunk.AsMemory(0, read), ct);
        }

        return bytes.ToArray();
    }

    /// <summary>NUL never occurs in JSON, and PostgreSQL does not store it.</summary>
    public static string Text(byte[] body) => Encoding.UTF8.GetString(body).Replace('\0', ' ');
}
