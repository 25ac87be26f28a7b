using System.Globalization;
using System.Text;

namespace MassMessaging.Assistant.Writing;

/// <summary>
/// Reads the texts out of an answer while it is still being written: feed it the pieces of JSON, and it tells what was added to which
/// text. It only shows; what counts is read from the whole answer.
/// </summary>
public sealed class DraftReader
{
    private readonly StringBuilder word = new();
    private bool isInside;
    private bool isText;
    private bool isEscaped;
    private string escape = "";
    private string lastWord = "";
    private bool afterColon;
    private int variation = -1;

    /// <summary>What this piece adds, by the number of the text from 0.</summary>
    public IReadOnlyList<(int Variation, string Text)> Read(string piece)
    {
        var added = new List<(int Variation, string Text)>();
        var text = new StringBuilder();
        foreach (var sign in piece)
        {
            if (!isInside) Outside(sign);
            else if (Inside(sign) is { } shown && isText) text.Append(shown);

            if (text.Length > 0 && !isInside) Flush(added, text);
        }

        if (text.Length > 0) Flush(added, text);
        return added;
    }

    private void Flush(List<(int Variation, string Text)> added, StringBuilder text)
    {
        added.Add((variation, text.ToString()));
        text.Clear();
    }

    private void Outside(char sign)
    {
        if (sign == '"')
        {
            (isInside, isText) = (true, afterColon && lastWord == "text");
            if (isText) variation++;
            word.Clear();
        }
        else if (!char.IsWhiteSpace(sign))
        {
            afterColon = sign == ':';
        }
    }

    /// <summary>The sign that is shown for it; null for none.</summary>
    private string? Inside(char sign)
    {
        if (isEscaped) return Escaped(sign);
        if (sign == '\\') (isEscaped, escape) = (true, "");
        if (sign == '\\') return null;
        if (sign == '"')
        {
            (isInside, lastWord, afterColon) = (false, word.ToString(), false);
            return null;
        }

        if (!isText) word.Append(sign);
        return sign.ToString();
    }

    private string? Escaped(char sign)
    {
        escape += sign;
        if (escape[0] == 'u' && escape.Length < 5) return null;

        isEscaped = false;
        return escape[0] switch
        {
            'n' => "\n",
            't' => "\t",
            'r' or 'b' or 'f' => "",
            'u' => ushort.TryParse(escape.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code)
                ? ((char)code).ToString()
                : "",
            _ => sign.ToString(),
        };
    }
}
