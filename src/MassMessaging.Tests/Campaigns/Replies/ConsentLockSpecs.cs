using MassMessaging.Campaigns.Replies;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MassMessaging.Tests.Campaigns.Replies;

/// <summary>Two batches of opt-outs never wait for one another in a circle.</summary>
public sealed class ConsentLockSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

    [Fact]
    public async Task Opt_outs_of_one_batch_lock_their_clients_in_one_order_whoever_wrote_first()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Post("/api/whatsapp/connect");
        await app.Settle();
        var (ana, beto) = (await advisor.HasClient("Ana"), await advisor.HasClient("Beto")); // in the order of their phones
        async Task<string> PhoneOf(Guid client) => (await advisor.Get($"/api/clients/{client}"))["phone"].GetString()!;
        await using var other = new NpgsqlConnection(app.Database.ConnectionString);
        await other.OpenAsync();
        await using var held = await other.BeginTransactionAsync();
        await Run(other, $"select 1 from client where id = '{ana}' for update");

        await Queued((await PhoneOf(beto), "3EB0000000000000000008"), (await PhoneOf(ana), "3EB0000000000000000009"));
        var handled = app.Settle();
        await Eventually.True(
            async () => await app.Database.Value<long>(Waiting) > 0,
            TimeSpan.FromMinutes(1), "the batch waits for Ana");
        await Run(other, $"select 1 from client where id = '{beto}' for update nowait");
        await held.RollbackAsync();
        await handled;

        Assert.Equal(2, await app.Database.Value<long>("select count(*) from client where opted_out_at is not null"));
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>BAJA of each, told in one batch.</summary>
    private async Task Queued(params (string Phone, string Id)[] told)
    {
        var (profile, instance) = (
            await app.Database.Value<Guid>("select profile_id from whatsapp_config"),
            await app.Database.Value<string>("select instance from whatsapp_config"));
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        foreach (var (phone, id) in told)
            session.Send(new ReplyArrived(new IncomingMessage(profile, instance!, id, phone, "BAJA", null, session.Now)), id);
        await session.Commit(CancellationToken.None);
    }
}
