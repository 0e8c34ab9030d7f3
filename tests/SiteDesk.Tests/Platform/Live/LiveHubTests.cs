using System.Globalization;
using SiteDesk.Platform.Live;

namespace SiteDesk.Tests.Platform.Live;

public sealed class LiveHubTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_signal_reaches_who_listens_to_its_topic_and_nobody_else()
    {
        using var hub = new LiveHub();
        using var first = hub.Subscribe(["visitor:1", "presence:1"]);
        using var second = hub.Subscribe(["visitor:2", "presence:1"]);

        hub.Publish(new LiveSignal("visitor:1", "message", "{}"));
        hub.Publish(new LiveSignal("presence:1", "presence", "{}"));
        hub.Publish(new LiveSignal("visitor:3", "message", "{}"));

        NamesOf(first).ShouldBe(["message", "presence"]);
        NamesOf(second).ShouldBe(["presence"]);
        hub.Open.ShouldBe(2);
    }

    [Fact]
    public void A_topic_that_was_left_is_heard_again_by_who_comes_next()
    {
        using var hub = new LiveHub();
        for (var visit = 0; visit < 3; visit++)
        {
            using (var subscription = hub.Subscribe(["visitor:1"]))
            {
                hub.Publish(new LiveSignal("visitor:1", "message", "{}"));
                NamesOf(subscription).ShouldBe(["message"]);
            }

            hub.HasListeners("visitor:1").ShouldBeFalse();
            hub.Open.ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_listener_that_does_not_read_is_cut_off_after_what_it_has()
    {
        using var hub = new LiveHub();
        using var slow = hub.Subscribe(["desk"]);
        using var quick = hub.Subscribe(["desk"]);
        for (var number = 0; number < 100; number++)
        {
            hub.Publish(new LiveSignal("desk", number.ToString(CultureInfo.InvariantCulture), "{}"));
            NamesOf(quick).ShouldBe([number.ToString(CultureInfo.InvariantCulture)]);
        }

        var heard = NamesOf(slow);
        heard.ShouldBe(Enumerable.Range(0, heard.Count).Select(number => number.ToString(CultureInfo.InvariantCulture)));
        heard.Count.ShouldBeLessThan(100);
        (await slow.Signals.WaitToReadAsync(Cancellation)).ShouldBeFalse();
    }

    /// <summary>Who has just subscribed hears what is said from then on, however many come and go on the same topic at that moment.</summary>
    [Fact]
    public async Task Coming_and_going_at_once_loses_nothing()
    {
        using var hub = new LiveHub();
        var visitors = Enumerable.Range(0, 8).Select(visitor => Task.Run(
            () =>
            {
                for (var visit = 0; visit < 5_000; visit++)
                {
                    using var subscription = hub.Subscribe(["presence:1", string.Create(CultureInfo.InvariantCulture, $"visitor:{visitor}")]);
                    var name = string.Create(CultureInfo.InvariantCulture, $"{visitor}.{visit}");
                    hub.Publish(new LiveSignal("presence:1", name, "{}"));
                    // A thread that was held up meanwhile has missed too much, and is told so.
                    var heard = NamesOf(subscription);
                    (heard.Contains(name) || subscription.Signals.Completion.IsCompleted).ShouldBeTrue(name);
                }
            },
            Cancellation));
        await Task.WhenAll(visitors);
        hub.Open.ShouldBe(0);
        hub.HasListeners("presence:1").ShouldBeFalse();
    }

    private static List<string> NamesOf(LiveHub.Subscription subscription)
    {
        var names = new List<string>();
        while (subscription.Signals.TryRead(out var signal))
        {
            if (signal.Topic.Length > 0)
                names.Add(signal.Name);
        }

        return names;
    }
}
