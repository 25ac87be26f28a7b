using System.Text;

namespace MassMessaging.Clients.Import;

/// <summary>Lines ended by LF, CR LF or CR. Of a line that is too long to be one only the start is kept, so memory stays bounded.</summary>
internal sealed class CsvLines(TextReader reader)
{
    /// <summary>Characters kept of a line; longer ones cannot hold a valid row.</summary>
    public const int Longest = 64 * 1024;

    private readonly Stack<string> again = new();
    private readonly StringBuilder line = new();
    private readonly char[] buffer = new char[16 * 1024];
    private int at;
    private int filled;

    /// <summary>Null at the end.</summary>
    public string? Next()
    {
        if (again.TryPop(out var earlier)) return earlier;
        if (at == filled && !Fill()) return null;

        line.Clear();
        do
        {
            var rest = buffer.AsSpan(at, filled - at);
            var end = rest.IndexOfAny('\r', '\n');
            var part = end < 0 ? rest : rest[..end];
            line.Append(part[..Math.Min(part.Length, Longest + 1 - line.Length)]);
            at += end < 0 ? rest.Length : end + 1;
            if (end < 0) continue;

            if (rest[end] == '\r' && (at < filled || Fill()) && buffer[at] == '\n') at++;
            break;
        }
        while (Fill());
        return line.ToString();
    }

    /// <summary>The lines will be read again, in this order, before all others.</summary>
    public void Return(IReadOnlyList<string> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--) again.Push(lines[i]);
    }

    private bool Fill()
    {
        at = 0;
        filled = reader.Read(buffer, 0, buffer.Length);
        return filled > 0;
    }
}
