using System.Net.Http.Headers;
using System.Text.Json;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Notifications.Webhook;

/// <summary>A notification is to go to the profile's own system, once it took it.</summary>
public sealed record DeliverNotification(Guid ProfileId, Guid Id)
{
    private const string Wanted = """
        select n.profile_id, n.id
        from unnest(@profiles::uuid[], @ids::uuid[]) as t (profile_id, id)
        join notification_webhook w on w.profile_id = t.profile_id
        join notification n on n.profile_id = t.profile_id and n.id = t.id
        where cardinality(w.events) = 0 or n.code = any (w.events)
        """;

    /// <summary>Sends a message for each of these that its profile wants to have.</summary>
    public static async Task Ask(ISession session, IReadOnlyList<NotificationTold> told, CancellationToken ct)
    {
        var wanted = await session.Query(
            Wanted, row => new DeliverNotification(row.GetGuid(0), row.GetGuid(1)), ct,
            ("profiles", told.Select(one => one.ProfileId).ToArray()), ("ids", told.Select(one => one.Id).ToArray()));
        foreach (var delivery in wanted) session.Send(delivery, delivery.Id.ToString());
    }
}

/// <summary>
/// Calls before it uses its session: a session's transaction starts with its first statement, so none is open while the receiver thinks.
/// What failed is thrown, for the queue to repeat.
/// </summary>
public sealed class DeliverNotificationHandler(IStore store, WebhookCalls calls, SigningSecrets secrets) : IHandle<DeliverNotification>
{
    private const string Select = $"select {NotificationRow.Columns} from notification where profile_id = @profile and id = @id";

    public async Task Handle(IReadOnlyList<DeliverNotification> messages, ISession session, CancellationToken ct)
    {
        foreach (var (profile, id) in messages)
        {
            var rows = await store.Query(Select, NotificationRow.Read, ct, ("profile", profile), ("id", id));
            var webhook = await ProfileWebhook.Find(store, profile, ct);
            if (rows is not [var row] || webhook is null) continue; // Turned off since, or too old by now.

            if (await Deliver(profile, webhook, row, ct) is { } failure)
            {
                await KeepFailure(profile, webhook.Url, failure, ct);
                throw new NotDeliveredException(failure);
            }

            await ProfileWebhook.Delivered(session, profile, webhook.Url, ct);
        }
    }

    private async Task<string?> Deliver(Guid profile, ProfileWebhook webhook, NotificationRow row, CancellationToken ct) =>
        secrets.Readable(profile, webhook.Secret) is { } secret
            ? await calls.Post(profile, webhook.Url, () => Request(row, secret, store.Clock.GetUtcNow()), ct)
            : "secret-unreadable";

    private static HttpRequestMessage Request(NotificationRow row, string secret, DateTimeOffset at)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(row, JsonConventions.Options);
        var request = new HttpRequestMessage { Method = HttpMethod.Post, Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("MassMessaging", null));
        request.Headers.Add("X-MassMessaging-Id", row.Id.ToString());
        request.Headers.Add("X-MassMessaging-Event", row.Code);
        request.Headers.Add(WebhookSignature.Header, WebhookSignature.Of(secret, at, body));
        return request;
    }

    /// <summary>In a session of its own: the message's does not commit.</summary>
    private async Task KeepFailure(Guid profile, string url, string failure, CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await ProfileWebhook.Failed(session, profile, url, failure, ct);
        await session.Commit(ct);
    }
}

/// <summary>The receiver did not take it this time.</summary>
public sealed class NotDeliveredException(string failure) : Exception($"The notification was not taken: {failure}.");
