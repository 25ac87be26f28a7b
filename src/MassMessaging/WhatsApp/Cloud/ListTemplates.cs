using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary><c>GET /api/whatsapp/templates</c>: what Meta has approved, or not, for the number's account. Evolution has none.</summary>
internal static class ListTemplates
{
    public static void Map(IEndpointRouteBuilder whatsApp) => whatsApp.MapGet("/templates", Get)
        .Documented("listMetaTemplates", "The templates at Meta, as it has them now.", "gateway-unavailable", "gateway-refused")
        .Produces<IReadOnlyList<TemplateOfMeta>>();

    private static async Task<IResult> Get(Caller caller, IStore store, CloudAccounts accounts, CloudNumbers numbers, CancellationToken ct)
    {
        var config = await WhatsAppConfig.Find(store, caller.ProfileId, ct);
        if (config?.Gateway != Gateway.Cloud || await accounts.Of(CloudInstance.PhoneNumberId(config.Instance), ct) is not { } account)
            return TypedResults.Ok(Array.Empty<TemplateOfMeta>());

        return TypedResults.Ok(await numbers.Templates(account, ct));
    }
}
