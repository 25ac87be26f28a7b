namespace MassMessaging.Benchmarks.Launch;

/// <summary>The clients of one profile; written by the server itself.</summary>
public static class LaunchData
{
    private const string Clients = """
        insert into client (profile_id, id, name, search_name, phone, label, created_at, updated_at)
        select @profile, (lpad(to_hex(1750000000000 + i / 10), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid,
               'María García ' || i, 'maria garcia ' || i, '+52' || (5500000000 + (i::bigint * 829344551) % 99999989),
               case when i % 20 = 0 then 'afiliado' when i % 6 = 0 then 'prospecto' else 'consumidor' end, @now, @now
        from (select i, md5('client' || i) as h from generate_series(1, @clients) i) drawn
        """;

    public static async Task Load(BenchmarkServer server, Guid profile, int clients, DateTimeOffset now)
    {
        await server.Run("drop index client_search"); // nobody searches
        await server.Run(Clients, ("profile", profile), ("clients", clients), ("now", now.ToUniversalTime()));
        await server.Run("vacuum (analyze) client");
    }
}
