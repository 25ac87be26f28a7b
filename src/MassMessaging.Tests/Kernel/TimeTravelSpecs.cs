using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

public sealed class TimeTravelSpecs(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_aggregate_and_a_row_are_folded_as_of_a_version_or_an_instant()
    {
        var clock = new FakeTimeProvider(Start);
        await using var host = await KernelHost.Start(database, services => services.AddSingleton<TimeProvider>(clock));
        var parcel = NewKey();
        await host.Commit(parcel, 0, Posted(grams: 70), Moved(5));
        clock.Advance(TimeSpan.FromHours(1));
        await host.Commit(parcel, 2, Moved(7));
        clock.Advance(TimeSpan.FromHours(1));
        await host.Commit(parcel, 3, Lost());

        Assert.Equal(new Versioned<Parcel>(parcel, 1, new Parcel(70, 0, 1)), await host.Store.AsOf<Parcel>(parcel, 1, default));
        Assert.Equal(new Versioned<Parcel>(parcel, 3, new Parcel(70, 12, 3)), await host.Store.AsOf<Parcel>(parcel, Start.AddMinutes(90), default));
        Assert.Equal(new Versioned<Parcel>(parcel, 0, Parcel.Initial), await host.Store.AsOf<Parcel>(parcel, Start.AddTicks(-1), default));
        Assert.Equal(5, (await host.Store.RowAsOf<ParcelRow>(parcel, 2, default))?.Kilometres);
        Assert.Equal(12, (await host.Store.RowAsOf<ParcelRow>(parcel, Start.AddHours(1), default))?.Kilometres);
        Assert.Null(await host.Store.RowAsOf<ParcelRow>(parcel, 4, default));
    }
}
