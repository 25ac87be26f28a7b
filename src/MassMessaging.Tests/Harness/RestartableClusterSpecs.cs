using Npgsql;

namespace MassMessaging.Tests.Harness;

public sealed class RestartableClusterSpecs
{
    [Fact]
    public async Task After_a_crash_it_comes_back_where_it_was_with_all_that_was_committed()
    {
        await using var cluster = await RestartableCluster.Start();
        var before = cluster.ConnectionString;
        await using var source = NpgsqlDataSource.Create(before);
        await using var held = await source.OpenConnectionAsync();
        await Execute(held, "create table kept as select 42 as answer");

        await cluster.Crash();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Execute(held, "select 1"));
        await cluster.StartAgain();

        Assert.Equal(before, cluster.ConnectionString);
        await using var again = await source.OpenConnectionAsync();
        await Execute(again, "select answer from kept");
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
