using System.Text.RegularExpressions;

namespace MassMessaging.WhatsApp;

/// <summary>Names of instances at the gateway: unique over all profiles.</summary>
public static partial class InstanceName
{
    public const string Rule = "must match ^[a-z0-9][a-z0-9-]{2,63}$";

    private const string Prefix = "mm-";

    public static string DefaultOf(Guid profile) => $"{Prefix}{profile:N}";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <summary>Another profile's default, whether it was used yet or not.</summary>
    public static bool IsReserved(string name, Guid profile) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && Guid.TryParseExact(name[Prefix.Length..], "N", out var owner)
        && owner != profile;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{2,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
