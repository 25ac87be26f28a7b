using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Views;

/// <summary>
/// View <c>client-contacts</c>, async: when each client was last really written to, or last replied (<c>lastContactAt</c>).
/// </summary>
public sealed record ClientContact(Guid ProfileId, Guid Id, DateTimeOffset LastContactAt) : IRowView<ClientContact>
{
    public static string ViewName => "client-contacts";

    public static string Table => "client_contact";

    public static IReadOnlyCollection<Type> Takes => [typeof(MessageSent), typeof(MessageReplied)];

    public static bool ReadsOrigin => false;

    public static Guid? RowOf(RecordedEvent recorded) => Contact(recorded)?.ClientId;

    public static ClientContact? Evolve(ClientContact? row, RecordedEvent recorded) => Contact(recorded) is not var (client, at)
        ? row
        : new(recorded.Stream.Profile, client, row is null || at > row.LastContactAt ? at : row.LastContactAt);

    private static (Guid ClientId, DateTimeOffset At)? Contact(RecordedEvent recorded) => recorded.Data switch
    {
        MessageSent sent => (sent.ClientId, sent.SentAt),
        MessageReplied replied => (replied.ClientId, replied.RepliedAt),
        _ => null,
    };
}
