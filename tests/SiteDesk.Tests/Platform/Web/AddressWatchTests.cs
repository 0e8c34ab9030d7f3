using System.Net;
using SiteDesk.Platform.Web.Abuse;

namespace SiteDesk.Tests.Platform.Web;

public sealed class AddressWatchTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_burst_passes_up_to_the_limit_and_then_as_fast_as_it_runs_empty()
    {
        var watch = new AddressWatch(_clock);
        Enumerable.Range(0, 15).Count(_ => watch.TryTake("message", "a", 10)).ShouldBe(10);
        _clock.Advance(TimeSpan.FromSeconds(12));
        Enumerable.Range(0, 15).Count(_ => watch.TryTake("message", "a", 10)).ShouldBe(2);
        watch.TryTake("message", "b", 10).ShouldBeTrue("others are counted by themselves");
        watch.TryTake("file", "a", 10).ShouldBeTrue("and other things, too");
    }

    [Fact]
    public void A_longer_period_remembers_longer()
    {
        var watch = new AddressWatch(_clock);
        Enumerable.Range(0, 5).Count(_ => watch.TryTake("text", "x", 3, TimeSpan.FromHours(1))).ShouldBe(3);
        _clock.Advance(TimeSpan.FromMinutes(10));
        watch.TryTake("text", "x", 3, TimeSpan.FromHours(1)).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(15));
        watch.TryTake("text", "x", 3, TimeSpan.FromHours(1)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010db800010002")]
    [InlineData("2001:db8:1:2:ffff::1", "20010db800010002")]
    public void A_household_is_one_however_many_addresses_it_has(string address, string network) =>
        AddressWatch.Network(IPAddress.Parse(address)).ShouldBe(network);

    private sealed class ManualClock : TimeProvider
    {
        private long _now = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan by) => _now += by.Ticks;

        public override long GetTimestamp() => _now;
    }
}
