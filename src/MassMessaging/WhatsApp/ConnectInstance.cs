using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Cloud;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.WhatsApp;

/// <summary>
/// <c>POST /api/whatsapp/connect</c>: creates the instance if need be, has its webhooks come here, and links the number. Ask again until
/// the state is open. With the number a code is answered, too, to be typed into that phone instead of scanning. At Meta there is nothing to
/// scan: the token and the number are checked, and the webhooks sent here.
/// </summary>
internal static class ConnectInstance
{
    public static void Map(IEndpointRouteBuilder whatsApp) => whatsApp.MapPost("/connect", Post)
        .Documented("connectWhatsApp", "Links the advisor's number: answers the QR code to scan, or with the number a code to type.",
            "validation-failed", "gateway-unavailable", "gateway-refused", "phone-number-taken")
        .Takes<ConnectBody>().NotIdempotent().Produces<Connecting>();

    private static async Task<IResult> Post(
        Caller caller, Fields body, IStore store, EvolutionInstances gateway, CloudConnection cloud, WebhookSecrets secrets, PublicUrl publicUrl,
        CancellationToken ct)
    {
        var number = Number(body);
        if (body.AreWrong) return body.Problem();

        var config = await WhatsAppConfig.FindOrCreate(store, caller, ct);
        if (config.Gateway == Gateway.Cloud) return TypedResults.Ok(await cloud.Connect(config, caller, ct));

        var secret = await secrets.FindOrCreate(caller.ProfileId, config.Secret, caller.Origin, ct);
        secrets.Forget(config.Instance);
        await gateway.Register(config.Instance, WebhookOf(publicUrl.Value, config.Instance), secret, ct);
        var askedAt = store.Clock.GetUtcNow();
        var connecting = await gateway.Connect(config.Instance, number, ct);

        await using var session = store.Open(caller.Origin);
        await WhatsAppConfig.Record(session, new(config.Instance, connecting.State, null, null, askedAt), ct);
        await session.Commit(ct);
        return TypedResults.Ok(connecting);
    }

    /// <summary>Digits only, with the country's.</summary>
    private static string? Number(Fields body)
    {
        if (body.Text("number", 40) is not { } written) return null;

        var digits = string.Concat(written.Where(char.IsAsciiDigit));
        var isNumber = written.All(sign => char.IsAsciiDigit(sign) || sign is '+' or ' ' or '-' or '(' or ')' or '.');
        if (!isNumber || digits.Length is < 8 or > 15 || digits[0] == '0') body.Wrong("number", "must be a phone number with its country's code");
        return digits;
    }

    private static Uri WebhookOf(Uri publicUrl, string instance) =>
        new($"{publicUrl.AbsoluteUri.TrimEnd('/')}/api/webhooks/evolution/{instance}");

    /// <param name="Number">Of the phone to link, with the country's code; without it the answer has a QR code only.</param>
    private sealed record ConnectBody(string? Number);
}
