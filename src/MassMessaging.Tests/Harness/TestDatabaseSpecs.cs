namespace MassMessaging.Tests.Harness;

public sealed class TestDatabaseSpecs(TestDatabase database, TestCluster cluster) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_fresh_schema_is_where_tables_go()
    {
        await database.Execute("create table thing (id int)");

        Assert.Equal(database.Schema, await database.Value<string>("select schemaname::text from pg_tables where tablename = 'thing'"));
    }

    [Fact]
    public async Task The_database_is_gone_at_the_end()
    {
        var other = await TestDatabase.Create(cluster);
        var name = await other.Value<string>("select current_database()::text");
        await other.DisposeAsync();

        Assert.Equal(0L, await database.Value<long>($"select count(*) from pg_database where datname = '{name}'"));
    }
}
