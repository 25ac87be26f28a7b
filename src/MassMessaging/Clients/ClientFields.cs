using System.Text.RegularExpressions;
using MassMessaging.Http;

namespace MassMessaging.Clients;

/// <summary>The fields of a client as a request gives them; what is wrong is reported to the body.</summary>
public static partial class ClientFields
{
    public static string? Name(Fields body, bool required)
    {
        var name = body.Text("name", Client.LongestName, required);
        if (name is null) return null;

        var line = SearchText.OneLine(name);
        if (line.Length == 0) body.Wrong("name", "must not be blank");
        return line;
    }

    public static string? Phone(Fields body, string country, bool required)
    {
        var written = body.Text("phone", 40, required);
        if (written is null) return null;
        if (PhoneNumber.TryParse(written, country, out var phone)) return phone;

        body.Wrong("phone", "must be a phone number with a known calling code and the right number of digits", "phone-invalid");
        return null;
    }

    /// <summary>Blank is none.</summary>
    public static string? Email(Fields body)
    {
        var email = body.Text("email", Client.LongestEmail)?.Trim();
        if (email is null or "") return null;
        if (!IsEmail(email)) body.Wrong("email", "must be an e-mail address", "email-invalid");
        return email;
    }

    public static bool IsEmail(string text) => text.Length <= Client.LongestEmail && Address().IsMatch(text);

    [GeneratedRegex(@"^[^@\s\p{Cc},;<>()""]+@[^@\s\p{Cc},;<>()""._-][^@\s\p{Cc},;<>()""]*\.[^@\s\p{Cc},;<>()"".]{2,}$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Address();
}
