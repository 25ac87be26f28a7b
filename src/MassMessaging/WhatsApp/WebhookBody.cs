using System.Buffers;
using System.Text;

namespace MassMessaging.WhatsApp;

internal static class WebhookBody
{
    /// <summary>The bytes as they came; null when there are too many.</summary>
    public static async Task<byte[]?> Read(HttpRequest request, int mostBytes, CancellationToken ct)
    {
        if (request.ContentLength > mostBytes) return null;

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.IsCompleted || read.Buffer.Length > mostBytes)
            {
                var body = read.Buffer.Length > mostBytes ? null : read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>NUL never occurs in JSON, and PostgreSQL does not store it.</summary>
    public static string Text(byte[] body) => Encoding.UTF8.GetString(body).Replace('\0', ' ');
}
