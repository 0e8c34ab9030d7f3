using NodaTime;
using NodaTime.Extensions;
using SiteDesk.Demo;

namespace SiteDesk.Tests.Demo;

public sealed class DemoScheduleTests(ITestOutputHelper output)
{
    private static readonly DemoScript Script = DemoScript.Load();

    [Fact]
    public void Whenever_it_is_made_all_of_it_lies_in_the_past_and_in_order()
    {
        const int seed = 60_214, moments = 60;
        output.WriteLine($"seed {seed}");
        var chance = new Random(seed);
        for (var count = 0; count < moments; count++)
        {
            var now = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(chance.Next(3 * 365 * 24 * 3600));
            var stories = DemoSchedule.Make(Script, now, seed + count);

            stories.Count.ShouldBe(Script.Conversations.Count);
            stories.Select(story => story.BeganAt).ShouldBeInOrder();
            stories[0].BeganAt.ShouldBeGreaterThan(now.AddDays(-DemoPlay.Days - 14), $"{now:O}");
            foreach (var story in stories)
            {
                story.Steps[^1].At.ShouldBeLessThan(now, $"{now:O} {story.Conversation.Lines[0]}");
                foreach (var (before, after) in story.Steps.Zip(story.Steps.Skip(1)))
                    after.At.ShouldBeGreaterThan(before.At.AddSeconds(after.Line.IsByAssistant ? 0.5 : 10), $"{now:O} {after.Line.Text}");
            }
        }
    }

    [Fact]
    public void Staff_write_in_their_working_hours_and_customers_do_not_write_at_night()
    {
        var people = Script.People.ToDictionary(person => person.Key);
        foreach (var story in DemoSchedule.Make(Script, new DateTime(2026, 4, 7, 9, 0, 0, DateTimeKind.Utc), 7))
        {
            foreach (var (at, line) in story.Steps.Where(step => !step.Line.IsByAssistant)) // which never sleeps
            {
                var zone = line.IsByCustomer ? story.Customer.Zone : people[line.Who].Zone;
                var local = at.ToInstant().InZone(DateTimeZoneProviders.Tzdb[zone]).LocalDateTime;
                if (!line.IsByCustomer)
                    (local.Hour is >= 9 and < 18 && local.DayOfWeek != IsoDayOfWeek.Sunday).ShouldBeTrue($"{line.Who} at {local}");
                else if (!story.IsChat)
                    local.Hour.ShouldBeInRange(7, 23, line.Text);
            }
        }
    }

    [Fact]
    public void The_newest_and_the_busiest_are_what_a_desk_would_show()
    {
        var now = new DateTime(2026, 3, 18, 13, 40, 0, DateTimeKind.Utc);
        var stories = DemoSchedule.Make(Script, now, DemoData.Seed);

        stories.Where(story => story.Conversation.Status == "new").ShouldAllBe(story => story.BeganAt > now.AddDays(-2));
        stories.Count(story => story.BeganAt.DayOfWeek == DayOfWeek.Sunday).ShouldBeLessThan(stories.Count(story => story.BeganAt.DayOfWeek == DayOfWeek.Monday) / 2);
        for (var week = 1; week <= 12; week++)
            stories.Count(story => story.BeganAt > now.AddDays(-7 * week) && story.BeganAt <= now.AddDays(-7 * (week - 1))).ShouldBeGreaterThan(8, $"{week} weeks ago");
    }

    [Fact]
    public void Every_conversation_names_people_teams_and_pages_that_exist()
    {
        var people = Script.People.Select(person => person.Key).ToHashSet();
        var teams = Script.Teams.Select(team => team.Key).ToHashSet();
        foreach (var conversation in Script.Conversations)
        {
            var pages = Script.Sites.Single(site => site.Key == conversation.Site).Pages.Select(page => page.Path);
            teams.ShouldContain(conversation.Team, conversation.Lines[0]);
            if (conversation.Agent is { } agent)
                people.ShouldContain(agent, conversation.Lines[0]);
            if (conversation.Page is { } page)
                pages.ShouldContain(page, conversation.Lines[0]);
            foreach (var line in conversation.Lines.ConvertAll(DemoLine.Parse))
            {
                people.Append("c").Append("a").ShouldContain(line.Who, line.Text);
                if (line.Kind == DemoLineKind.Notes)
                    line.Mentions.ShouldBeSubsetOf(people, line.Text);
            }
        }
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ru")]
    [InlineData("zh-Hans")]
    public void Fifty_three_articles_say_the_same_things_in_each_language(string language)
    {
        var articles = DemoArticle.Load(language);
        var english = DemoArticle.Load("en");
        articles.Count.ShouldBe(53);
        articles.Select(article => (article.Key, article.Site)).ShouldBe(english.Select(article => (article.Key, article.Site)));
        articles.Select(article => article.Title).ShouldBeUnique();
        articles.ShouldAllBe(article => article.Questions.Count >= 3 && article.Questions.Count <= 5);
        articles.SelectMany(article => article.Questions).ShouldBeUnique();
        articles.ShouldAllBe(article => article.Body.Length > 150);
    }
}
