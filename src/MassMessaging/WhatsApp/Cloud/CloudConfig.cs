using MassMessaging.Http;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>
/// The part of <c>PUT /api/whatsapp/config</c> that is about Meta. Secrets are written only; a missing one stays as it was.
/// </summary>
internal sealed class CloudConfig(CloudAccounts accounts)
{
    private const int MaxSecret = 2048;

    /// <returns>The problem; null when the number is the profile's now.</returns>
    public async Task<IResult?> Choose(Fields body, WhatsAppConfig? current, Guid profile, ISession session, CancellationToken ct)
    {
        var had = current is { Gateway: Gateway.Cloud } ? CloudInstance.PhoneNumberId(current.Instance) : null;
        var number = Id(body, "phoneNumberId") ?? had;
        var stored = number is null ? null
            : await accounts.Own(session, profile, number, ct) ?? (had is null ? null : await accounts.Own(session, profile, had, ct));
        var waba = Id(body, "wabaId") ?? stored?.WabaId;
        var access = Secret(body, "accessToken") ?? stored?.Secrets?.AccessToken;
        var app = Secret(body, "appSecret") ?? stored?.Secrets?.AppSecret;
        var verify = Secret(body, "verifyToken") ?? stored?.Secrets?.VerifyToken;
        Require(body, ("phoneNumberId", number), ("wabaId", waba), ("accessToken", access), ("appSecret", app), ("verifyToken", verify));
        if (body.AreWrong) return body.Problem();

        return await CloudClaim.Take(session, accounts, profile, number!, waba!, new(access!, app!, verify!), ct)
            && await WhatsAppConfig.Use(session, profile, Gateway.Cloud, CloudInstance.Of(number!), ct)
                ? null
                : Problems.Conflict("phone-number-taken", "This phone number belongs to another profile.");
    }

    /// <summary>The present number, and what may be shown of it.</summary>
    public async Task<ConfigRow> Show(string instance, CancellationToken ct)
    {
        var number = CloudInstance.PhoneNumberId(instance);
        return new(Gateway.Cloud, null, number, (await accounts.Of(number, ct))?.WabaId);
    }

    public void Forget(string instance) => accounts.Forget(CloudInstance.PhoneNumberId(instance));

    private static string? Id(Fields body, string name)
    {
        var id = body.Text(name, 32);
        if (id is null || (id.Length > 0 && id.All(char.IsAsciiDigit))) return id;

        body.Wrong(name, "must be the digits that Meta shows");
        return null;
    }

    /// <summary>A line break in a token would be a header of its own.</summary>
    private static string? Secret(Fields body, string name)
    {
        var secret = body.Text(name, MaxSecret);
        if (secret is null || (secret.Length > 0 && secret.All(each => each is > ' ' and <= '~'))) return secret;

        body.Wrong(name, "must be printable ASCII without spaces");
        return null;
    }

    private static void Require(Fields body, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        foreach (var (name, value) in fields)
            if (value is null && !body.Given(name)) body.Wrong(name, "is required");
    }
}
