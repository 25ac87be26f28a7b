using System.Diagnostics;
using OpenTelemetry;

namespace MassMessaging.Telemetry;

/// <summary>
/// Nothing of an address leaves but where it is and its route: paths and queries may hold phones, tickets and the secrets of other people's
/// webhooks.
/// </summary>
internal sealed class WithoutSecrets : BaseProcessor<Activity>
{
    private static readonly string[] OfAddresses = ["url.full", "url.path", "url.query", "http.url", "http.target"];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in OfAddresses)
            if (data.GetTagItem(tag) is not null) data.SetTag(tag, null);
    }
}
