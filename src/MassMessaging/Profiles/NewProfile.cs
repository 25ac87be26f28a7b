using System.Globalization;

namespace MassMessaging.Profiles;

/// <summary>What a profile starts with, until its advisor says otherwise.</summary>
public static class NewProfile
{
    public const string Country = "MX";
    public const string TimeZone = "America/Mexico_City";
    public const string Language = "es";
    public const string Identification = "— {nombre_asesor}, {nombre_negocio}";

    private const int MaxName = 100;

    /// <summary>Messages are signed with it: <c>maria.lopez@example.com</c> starts as "Maria Lopez".</summary>
    public static string NameFrom(string? email)
    {
        var words = (email ?? "").Split('@')[0].Split(['.', '_', '-', '+'], StringSplitOptions.RemoveEmptyEntries);
        var name = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(string.Join(' ', words));
        return name.Length == 0 ? "Asesor" : name[..Math.Min(name.Length, MaxName)];
    }

    /// <summary>Public in links, so it tells nothing: the random end of the id.</summary>
    public static string SlugOf(Guid id) => $"asesor-{id.ToString("N")[^12..]}";
}
