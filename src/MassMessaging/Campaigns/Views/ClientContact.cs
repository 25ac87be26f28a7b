using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Views;

/// <summary>View <c>client-contacts</c>, async: the last message really sent to each client (<c>lastContactAt</c>).</summary>
public sealed record ClientContact(Guid ProfileId, Guid Id, DateTimeOffset LastContactAt) : IRowView<ClientContact>
{
    public static string ViewName => "client-contacts";

    public static string Table => "client_contact";

    public static Guid? RowOf(RecordedEvent recorded) => recorded.Data is MessageSent sent ? sent.ClientId : null;

    public static ClientContact? Evolve(ClientContact? row, RecordedEvent recorded) => recorded.Data is not MessageSent sent
        ? row
        : new(recorded.Stream.Profile, sent.ClientId, row is null || sent.SentAt > row.LastContactAt ? sent.SentAt : row.LastContactAt);
}
