using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Npgsql;

namespace MassMessaging;

/// <summary>Reads configuration values and collects what is wrong with them. Names are told as the environment has them.</summary>
internal sealed partial class SettingValues(IConfiguration configuration)
{
    private readonly List<string> mistakes = [];

    public string? Text(string name) => configuration[name]?.Trim() is { Length: > 0 } value ? value : null;

    public int Whole(string name, int fallback, int min, int max)
    {
        if (Text(name) is not { } text) return fallback;
        var isWhole = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
        if (isWhole && number >= min && number <= max) return number;

        Wrong(name, $"must be a whole number from {min} to {max}, not '{text}'");
        return fallback;
    }

    public void Matching(string name, string pattern, string expected)
    {
        if (Text(name) is { } text && !Regex.IsMatch(text, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)))
            Wrong(name, $"must be {expected}, not '{text}'");
    }

    public bool Flag(string name)
    {
        if (Text(name) is not { } text) return false;
        if (bool.TryParse(text, out var flag)) return flag;

        Wrong(name, $"must be true or false, not '{text}'");
        return false;
    }

    public T OneOf<T>(string name, T fallback)
        where T : struct, Enum
    {
        if (Text(name) is not { } text) return fallback;
        if (Enum.GetNames<T>().Contains(text, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<T>(text, ignoreCase: true);

        Wrong(name, $"must be one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}, not '{text}'");
        return fallback;
    }

    public Uri? Url(string name, params string[] schemes)
    {
        if (Text(name) is not { } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme) && url.Host.Length > 0) return url;

        // The value is not repeated: it may hold a password.
        Wrong(name, $"must be an address that starts with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}");
        return null;
    }

    /// <summary>Without https only on this machine: who can change what comes back decides who is let in.</summary>
    public void HttpsUrl(string name)
    {
        if (Url(name, "https", "http") is { Scheme: "http", IsLoopback: false }) Wrong(name, "must be an https address");
    }

    public string? ConnectionString(string name)
    {
        if (Text(name) is not { } text) return null;
        try
        {
            if (!string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host)) return text;
            Wrong(name, "must name a Host");
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            Wrong(name, "must be an Npgsql connection string, as Host=…;Database=…;Username=…;Password=…");
        }

        return null;
    }

    public string Name(string name, string fallback)
    {
        if (Text(name) is not { } text) return fallback;
        if (!Identifier().IsMatch(text)) Wrong(name, "must start with a letter and hold only a-z, 0-9 and underscores");
        return text;
    }

    public IReadOnlyList<string> Origins(string name) => List(
        name, "must be origins as https://app.example.com, separated by commas",
        text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/"
            ? url.GetLeftPart(UriPartial.Authority)
            : null);

    public IReadOnlyList<IPNetwork> Networks(string name) => List(
        name, "must be IP addresses or networks as 10.0.0.0/8, separated by commas",
        text => IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : IPNetwork.TryParse(text, out var network) ? network
            : (IPNetwork?)null).ConvertAll(network => network!.Value);

    public void BothOrNone(string first, string second)
    {
        if (Text(first) is null == Text(second) is null) return;

        var (set, missing) = Text(first) is null ? (second, first) : (first, second);
        Wrong(missing, $"must be set as well when {set} is");
    }

    public void ThrowIfWrong()
    {
        if (mistakes.Count > 0) throw new SettingsException(mistakes);
    }

    private List<T> List<T>(string name, string expected, Func<string, T?> read)
    {
        var entries = (Text(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var values = entries.Select(read).ToList();
        if (values.Contains(default)) Wrong(name, expected);
        return [.. values.Where(value => value is not null).Select(value => value!)];
    }

    private void Wrong(string name, string problem) => mistakes.Add($"{name.Replace(":", "__", StringComparison.Ordinal)} {problem}.");

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier();
}
