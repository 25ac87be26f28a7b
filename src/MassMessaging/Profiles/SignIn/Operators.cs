using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Profiles.SignIn;

/// <param name="Normalized">As Identity compares them.</param>
public sealed record OperatorEmails(string[] Normalized)
{
    public static OperatorEmails From(IConfiguration configuration) => new(
        [.. (configuration["OPERATORS"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(OfEmail)]);

    public static string OfEmail(string email) => email.Normalize().ToUpperInvariant();
}

/// <summary>Who may see and change what concerns more than one profile: the accounts that <c>OPERATORS</c> names. The one place that knows.</summary>
public sealed class Operators(OperatorEmails emails, IStore store)
{
    public const string Code = "operator-required";

    // The account, not the token: an address that was given up since counts no more. Anybody may register any address, so that only one
    // that was confirmed counts: by the link in a mail, or on the server's machine (Vouching, OperatorsCommand).
    private const string IsNamed = """
        select exists (select from account where id = @user and normalized_email = any(@emails) and email_confirmed)
        """;

    public async Task<bool> Include(Caller caller, CancellationToken ct)
    {
        if (emails.Normalized.Length == 0) return false;

        using var all = RowScope.OfService(); // accounts are of no profile
        return (await store.Query(
            IsNamed, row => row.GetBoolean(0), ct,
            ("user", caller.UserId), ("emails", emails.Normalized)))[0];
    }

    /// <exception cref="ProblemException">403 <c>operator-required</c>.</exception>
    public async Task Require(Caller caller, CancellationToken ct)
    {
        if (!await Include(caller, ct))
            throw new ProblemException(StatusCodes.Status403Forbidden, Code, "This concerns more than your own profile: it needs an operator's account.");
    }
}
