using System.Net;
using System.Text;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients;

public sealed class SuppressionSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Phone = "5512345678";

    [Fact]
    public async Task Who_opted_out_and_was_erased_is_born_opted_out_however_the_number_is_spelled()
    {
        var clients = await Advisor();
        var optedOutAt = await Erased(clients);

        var again = await clients.Create("Ana otra vez", "+52 1 55 1234 5678");

        Assert.Equal(optedOutAt, (await clients.Get($"/{again}")).Body.GetProperty("optedOutAt").GetString());
        var line = (await clients.Get($"/{again}/consent")).Body[0];
        Assert.Equal(
            ("opt_out", "suppressed-number", optedOutAt),
            (line.GetProperty("kind").GetString(), line.GetProperty("source").GetString(), line.GetProperty("at").GetString()));
    }

    [Fact]
    public async Task An_import_brings_nobody_back_who_opted_out()
    {
        var clients = await Advisor();
        await Erased(clients);

        var (_, report) = await clients.Import($"Nombre;Celular\nAna;{Phone}\nBeto;5512345679\n");
        var (_, rows) = await clients.Get("?q=5512345");

        Assert.Equal(2, report.GetProperty("created").GetInt32());
        Assert.Equal(["Beto"], from row in rows.EnumerateArray() where !IsOptedOut(row) select row.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_change_to_a_suppressed_number_opts_the_client_out()
    {
        var clients = await Advisor();
        await Erased(clients);
        var beto = await clients.Create("Beto", "5512345679");

        Assert.True(IsOptedOut((await clients.Put($"/{beto}", new { phone = Phone })).Body));
    }

    [Fact]
    public async Task An_opted_out_number_stays_so_when_its_client_gets_another()
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", Phone);
        await clients.Post(new { }, $"/{id}/opt-out");

        var (_, changed) = await clients.Put($"/{id}", new { phone = "5512345679" });
        var again = await clients.Create("La misma", Phone);

        Assert.True(IsOptedOut(changed));
        Assert.True(IsOptedOut((await clients.Get($"/{again}")).Body));
    }

    [Fact]
    public async Task Opting_in_lifts_the_suppression()
    {
        var clients = await Advisor();
        await Erased(clients);
        var again = await clients.Create("Ana", Phone);
        await clients.Post(new { source = "formulario" }, $"/{again}/opt-in");
        await clients.Delete($"/{again}");

        Assert.False(IsOptedOut((await clients.Get($"/{await clients.Create("Ana", Phone)}")).Body));
    }

    [Fact]
    public async Task Nobody_else_is_suppressed()
    {
        var (clients, others) = (await Advisor(), await Advisor());
        await Erased(clients);
        var willing = await clients.Create("Beto", "5512345679");
        await clients.Delete($"/{willing}");

        Assert.False(IsOptedOut((await clients.Get($"/{await clients.Create("Beto", "5512345679")}")).Body));
        Assert.False(IsOptedOut((await others.Get($"/{await others.Create("Ana", Phone)}")).Body));
    }

    [Fact]
    public async Task The_number_cannot_be_read_back_nor_guessed_from_what_is_kept()
    {
        await Erased(await Advisor());

        var plain = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes("+525512345678")));
        Assert.Equal(0, await app.Database.Value<long>($"select count(*) from suppressed_number where encode(phone_hash, 'hex') = '{plain}'"));
        Assert.Equal(1, await app.Database.Value<long>("select count(*) from suppression_key where length(secret) > 80")); // encrypted
    }

    private static async Task<string> Erased(ClientsApi clients)
    {
        var id = await clients.Create("Ana", Phone);
        var (_, client) = await clients.Post(new { }, $"/{id}/opt-out");
        Assert.Equal(HttpStatusCode.NoContent, (await clients.Delete($"/{id}")).Status);
        return client.GetProperty("optedOutAt").GetString()!;
    }

    private static bool IsOptedOut(JsonElement client) => client.GetProperty("optedOutAt").ValueKind != JsonValueKind.Null;

    private async Task<ClientsApi> Advisor() => new(await app.Client());
}
