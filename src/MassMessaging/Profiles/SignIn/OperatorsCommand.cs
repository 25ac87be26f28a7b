using MassMessaging.Kernel;

namespace MassMessaging.Profiles.SignIn;

/// <summary>
/// <c>operators confirm &lt;email&gt;</c>: whoever has a shell where the service runs says that an account's address is who it says. The link in
/// a mail says so too; where no mail is sent, this is the way for an account that was registered from elsewhere.
/// </summary>
public static class OperatorsCommand
{
    private const string Usage = "usage: operators confirm <email>";
    private const int Understood = 0;
    private const int Failed = 1;
    private const int NotUnderstood = 2;

    private const string Confirm = """
        update account set email_confirmed = true, concurrency_stamp = gen_random_uuid()::text
        where normalized_email = @email
        returning to_char(created_at at time zone 'utc', 'YYYY-MM-DD HH24:MI')
        """;

    public static async Task<int> Run(IReadOnlyList<string> words, IServiceProvider services, CancellationToken ct)
    {
        if (words is not ["confirm", var email])
        {
            await Console.Error.WriteLineAsync(Usage);
            return NotUnderstood;
        }

        if (await Registered(services.GetRequiredService<IStore>(), email, ct) is not { } registered)
        {
            await Console.Error.WriteLineAsync($"{email} has no account: register it first, and confirm it then.");
            return Failed;
        }

        await Console.Out.WriteLineAsync(
            $"{email} is confirmed. It was registered at {registered} UTC: if that was not you, name another address in OPERATORS.");
        return Understood;
    }

    private static async Task<string?> Registered(IStore store, string email, CancellationToken ct)
    {
        await using var session = store.Open(new Origin("command"));
        var registered = await session.Query(Confirm, row => row.GetString(0), ct, ("email", OperatorEmails.OfEmail(email)));
        await session.Commit(ct);
        return registered.SingleOrDefault();
    }
}
