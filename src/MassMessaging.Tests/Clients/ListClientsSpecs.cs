using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients;

public sealed class ListClientsSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Clients_are_listed_newest_first_in_pages_that_lead_on()
    {
        var clients = await Advisor();
        for (var i = 1; i <= 5; i++) await clients.Create($"Cliente {i}", $"551234567{i}");

        var first = await clients.GetResponse("?limit=2&label=consumidor");
        var link = first.Headers.GetValues("Link").Single();
        var next = link.Split("/api/clients")[1].Split('>')[0];
        var second = await clients.GetResponse(next);

        Assert.Equal(["5"], first.Headers.GetValues("X-Total-Count"));
        Assert.False(second.Headers.Contains("X-Total-Count"));
        Assert.Equal(["Cliente 5", "Cliente 4"], await clients.Names("?limit=2&label=consumidor"));
        Assert.Equal(["Cliente 3", "Cliente 2"], await clients.Names(next));
        Assert.Contains("label=consumidor", next, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nuria", "Núria Sánchez")]
    [InlineData("SÁNCHEZ nú", "Núria Sánchez")]
    [InlineData("joao", "João 100%")]
    [InlineData("100%", "João 100%")]
    [InlineData("%", "João 100%")]
    [InlineData("EXAMPLE.com", "Núria Sánchez")]
    [InlineData("5512345671", "Núria Sánchez")]
    [InlineData("+52 1 55 1234 5671", "Núria Sánchez")]
    [InlineData("044 55 1234 5671", "Núria Sánchez")]
    [InlineData("(55) 1234-5671", "Núria Sánchez")]
    [InlineData("4504000", "João 100%")]
    [InlineData("+54 351 4504000", "João 100%")]
    [InlineData("nadie", "")]
    [InlineData("san nu", "Núria Sánchez")]
    [InlineData("anchez", "")]
    [InlineData("nuria@exam", "Núria Sánchez")]
    [InlineData("@exemplo", "João 100%")]
    [InlineData("exemplo.br", "João 100%")]
    [InlineData("512345671", "Núria Sánchez")]
    [InlineData("123 456", "Núria Sánchez")]
    [InlineData("''\\:* | a & !b", "")]
    [InlineData("@", "")]
    public async Task Search_finds_names_without_accents_phones_in_any_spelling_and_mails(string search, string found)
    {
        var clients = await Advisor();
        await clients.Create("Núria Sánchez", "5512345671", "nuria@example.com");
        await clients.Create("João 100%", "+54 9 351 4504000", "joao@exemplo.br");

        Assert.Equal(found, string.Join(',', await clients.Names($"?q={Uri.EscapeDataString(search)}")));
    }

    [Fact]
    public async Task A_search_is_paged_counted_and_combined_with_the_other_filters()
    {
        var clients = await Advisor();
        for (var i = 1; i <= 4; i++) await clients.Create($"Maria {i}", $"551234567{i}", label: i == 2 ? "afiliado" : "prospecto");
        await clients.Create("Mario", "5512345679");
        await Contact(await clients.Create("Maria 5", "5512345675", label: "prospecto"), days: 1);

        var first = await clients.GetResponse("?q=maria&label=prospecto&withoutContactDays=7&limit=2");
        var next = first.Headers.GetValues("Link").Single().Split("/api/clients")[1].Split('>')[0];

        Assert.Equal(["3"], first.Headers.GetValues("X-Total-Count"));
        Assert.Equal(["Maria 4", "Maria 3"], await clients.Names("?q=maria&label=prospecto&withoutContactDays=7&limit=2"));
        Assert.Equal(["Maria 1"], await clients.Names(next));
        Assert.Equal("0", (await clients.GetResponse("?q=nadie")).Headers.GetValues("X-Total-Count").Single());
    }

    [Fact]
    public async Task A_search_finds_what_was_changed_and_only_ones_own()
    {
        var (clients, other) = (await Advisor(), await Advisor());
        await other.Create("Lucía Mendoza", "5512345671", "lucia@example.com");
        var id = await clients.Create("Berta", "5512345671");
        await clients.Put($"/{id}", new { name = "Lucía Prado", email = "prado@example.com", phone = "5587654321" });

        Assert.Equal(["Lucía Prado"], await clients.Names("?q=lucia"));
        Assert.Equal(["Lucía Prado"], await clients.Names("?q=prado@example.com"));
        Assert.Equal(["Lucía Prado"], await clients.Names("?q=87654321"));
        Assert.Empty(await clients.Names("?q=berta"));
    }

    [Fact]
    public async Task Totals_count_by_label_and_days_without_contact_and_forget_the_erased()
    {
        var clients = await Advisor();
        await clients.Create("Nunca", "5512345671", label: "prospecto");
        await Contact(await clients.Create("Ayer", "5512345672", label: "prospecto"), days: 1);
        await Contact(await clients.Create("Hace tiempo", "5512345673"), days: 40);
        var erased = await clients.Create("Borrada", "5512345674");
        await Contact(erased, days: 1);
        await clients.Delete($"/{erased}");

        Assert.Equal(("3", "2", "2", "1"), (
            await Total(clients, "?limit=1"), await Total(clients, "?label=prospecto"), await Total(clients, "?withoutContactDays=30"),
            await Total(clients, "?withoutContactDays=30&label=prospecto")));
    }

    [Fact]
    public async Task Labels_are_a_filter_and_a_route()
    {
        var clients = await Advisor();
        await clients.Create("Ana", "5512345671", label: "afiliado");
        await clients.Create("Beto", "5512345672");

        Assert.Equal(["Ana"], await clients.Names("?label=afiliado"));
        Assert.Equal(["Ana"], await clients.Names("/label/afiliado"));
        Assert.Empty(await clients.Names("/label/prospecto"));
    }

    [Fact]
    public async Task Who_was_never_contacted_counts_as_without_contact()
    {
        var clients = await Advisor();
        await clients.Create("Nunca", "5512345671");
        var recent = await clients.Create("Ayer", "5512345672");
        var old = await clients.Create("Hace tiempo", "5512345673");
        await Contact(recent, days: 1);
        await Contact(old, days: 40);

        Assert.Equal(["Hace tiempo", "Nunca"], await clients.Names("/without-contact/30"));
        Assert.Equal(["Hace tiempo", "Nunca"], await clients.Names("?withoutContactDays=30"));
        Assert.Equal(["Hace tiempo", "Ayer", "Nunca"], await clients.Names("/without-contact/0"));
        Assert.NotNull((await clients.Get($"/{old}")).Body.GetProperty("lastContactAt").GetString());
    }

    [Theory]
    [InlineData("?label=vip", "label")]
    [InlineData("?withoutContactDays=-1", "withoutContactDays")]
    [InlineData("?withoutContactDays=x", "withoutContactDays")]
    [InlineData("?limit=5001", "limit")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?after=x", "after")]
    [InlineData("/label/vip", "label")]
    [InlineData("/without-contact/-1", "days")]
    [InlineData("/without-contact/x", "days")]
    public async Task A_wrong_filter_is_refused_by_name(string path, string field)
    {
        var (status, problem) = await (await Advisor()).Get(path);

        Assert.Equal((HttpStatusCode.BadRequest, "validation-failed"), (status, problem.GetProperty("code").GetString()));
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    private static async Task<string> Total(ClientsApi clients, string path) =>
        (await clients.GetResponse(path)).Headers.GetValues("X-Total-Count").Single();

    private Task Contact(string client, int days) => app.Database.Execute($"""
        insert into mass_messaging.client_contact (profile_id, id, last_contact_at)
        select profile_id, id, now() - interval '{days} days' from mass_messaging.client where id = '{client}'
        """);

    private async Task<ClientsApi> Advisor() => new(await app.Client());
}
