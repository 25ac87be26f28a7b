using FsCheck.Fluent;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Clients;

/// <summary>The kept count of clients by label against the counted one.</summary>
public sealed class ClientCountSpecs(ClientDatabase database) : IClassFixture<ClientDatabase>
{
    private static readonly string[] Labels = ["consumidor", "prospecto", "afiliado"];

    private const string Differences = """
        select count(*) from (
            select profile_id, label, count(*) as clients from client group by profile_id, label
            except
            select profile_id, label, sum(clients)::bigint from client_count group by profile_id, label) difference
        """;

    private const string Add = """
        insert into client (profile_id, id, name, search_name, phone, label, created_at, updated_at)
        select @profile, id, '', '', left(id::text, 16), @label, @now, @now from unnest(@ids) id
        """;

    private const string Change = "update client set label = @label where profile_id = @profile and id = any (@ids)";

    private const string Remove = "delete from client where profile_id = @profile and id = any (@ids)";

    private const string Rows = "select count(*) from client_count where profile_id = @profile";

    [Fact]
    public async Task However_clients_come_change_and_go_at_once_the_count_is_exact()
    {
        var profile = await database.Profile();
        var acts = Gen.Sample(Gen.Choose(0, int.MaxValue), 60).ToList();

        await Parallel.ForEachAsync(acts, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, ct) =>
        {
            var (act, label, ids) = (seed % 5, Labels[seed % 3], Enumerable.Range(0, 1 + (seed % 7)).Select(_ => Guid.NewGuid()).ToArray());
            await using var session = database.Store.Open(Origin.System);
            await Run(session, Add, profile, label, ids, ct);
            if (act > 1) await Run(session, Change, profile, Labels[seed / 3 % 3], ids[..((ids.Length + 1) / 2)], ct);
            if (act > 2) await Run(session, Remove, profile, label, ids[..(ids.Length / 2)], ct);
            if (act < 4) await session.Commit(ct);
        });

        Assert.Equal(0, await database.Value<long>(Differences));
    }

    [Fact]
    public async Task Nobody_waits_for_a_long_import_to_be_counted_and_the_rows_are_taken_in_again()
    {
        var profile = await database.Profile();
        await using var import = database.Store.Open(Origin.System);
        await Run(import, Add, profile, "consumidor", [Guid.NewGuid(), Guid.NewGuid()], default);

        for (var client = 0; client < 3; client++)
        {
            await using var session = database.Store.Open(Origin.System);
            await Run(session, Add, profile, "consumidor", [Guid.NewGuid()], new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
            await session.Commit(default);
        }

        await import.Commit(default);
        await using var last = database.Store.Open(Origin.System);
        await Run(last, Add, profile, "consumidor", [Guid.NewGuid()], default);
        await last.Commit(default);

        Assert.Equal(1, (await database.Store.Query(Rows, row => row.GetInt64(0), default, ("profile", profile)))[0]);
        Assert.Equal(0, await database.Value<long>(Differences));
    }

    private static Task<int> Run(ISession session, string text, Guid profile, string label, Guid[] ids, CancellationToken ct) => session.Sql(
        text, ct, ("profile", profile), ("label", label), ("ids", ids), ("now", session.Now));
}
