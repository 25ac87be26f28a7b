using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.EventCatalog;

public sealed class EventCatalogSpecs
{
    private static string Page => Path.Combine(Sources.Root, "docs", "event-catalog.md");

    [Fact]
    public void The_catalog_says_what_is_registered()
    {
        var kernel = new KernelBuilder();
        Features.Declare(kernel);
        var expected = Catalog.Of(kernel.Events);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") File.WriteAllText(Page, expected);

        Assert.Equal(expected, File.ReadAllText(Page));
    }

    [Fact]
    public void No_sentence_is_without_its_event()
    {
        var kernel = new KernelBuilder();
        Features.Declare(kernel);

        Assert.Equal(kernel.Events.Select(type => type.WireName).Order(), EventSentences.All.Keys.Order());
    }
}
